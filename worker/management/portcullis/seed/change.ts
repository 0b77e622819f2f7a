/** A part of a reconciliation: what to write, and what to say about it. Parts add up. */
import type { Delete, Put } from '../../../storage/ports.ts'
import type { SeedError } from '../../../storage/resources.ts'
import { provenanceId, type Seeded } from '../../provenance.ts'

export type SeedChange = {
  readonly puts: readonly Put[]
  readonly deletes: readonly Delete[]
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly deleted: readonly string[]
  readonly left_alone: readonly string[]
  readonly unchanged: number
  readonly errors: readonly SeedError[]
}

export const NO_CHANGE: SeedChange = {
  puts: [],
  deletes: [],
  created: [],
  updated: [],
  deleted: [],
  left_alone: [],
  unchanged: 0,
  errors: [],
}

export function combined(changes: readonly SeedChange[]): SeedChange {
  return {
    puts: changes.flatMap(({ puts }) => puts),
    deletes: changes.flatMap(({ deletes }) => deletes),
    created: changes.flatMap(({ created }) => created),
    updated: changes.flatMap(({ updated }) => updated),
    deleted: changes.flatMap(({ deleted }) => deleted),
    left_alone: changes.flatMap(({ left_alone }) => left_alone),
    unchanged: changes.reduce((sum, { unchanged }) => sum + unchanged, 0),
    errors: changes.flatMap(({ errors }) => errors),
  }
}

/** Remembers which file a resource came from. */
export function remembering(kind: Seeded, id: string, file: string): Put {
  const resource = provenanceId(kind, id)
  return { collection: 'provenance', id: resource, body: { resource, file } }
}

/** An error that concerns a file as a whole. */
export function fileError(file: string, message: string): SeedError {
  return { file, line: null, key: null, message }
}
