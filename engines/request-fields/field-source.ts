/**
 * Where an expression reads its fields from: what a detector found, else the request itself. Nothing is computed before an
 * expression asks, and one key of a map is read without building the map.
 */
import {
  fieldIndex,
  type FieldSource,
  FIELDS,
  type ListMatcher,
  type Value,
} from '#engines/expressions'
import type { RequestFacts } from './facts.ts'
import { API_ENTRIES, API_FIELDS } from './api.ts'
import { CLIENT_FIELDS } from './client.ts'
import { REQUEST_ENTRIES, REQUEST_FIELDS } from './request.ts'
import { TLS_FIELDS } from './tls.ts'

export type FieldReader = (request: RequestFacts) => Value | undefined
export type EntryReader = (request: RequestFacts, key: string) => Value | undefined

const READERS = byIndex<FieldReader>({
  ...REQUEST_FIELDS,
  ...CLIENT_FIELDS,
  ...TLS_FIELDS,
  ...API_FIELDS,
})
const ENTRY_READERS = byIndex<EntryReader>({ ...REQUEST_ENTRIES, ...API_ENTRIES })

type Beside = {
  /** The fields that detectors fill, by index; it may still grow while rules are asked. */
  readonly detected: ReadonlyMap<number, Value>
  readonly lists: ReadonlyMap<string, ListMatcher>
}

export function createFieldSource(request: RequestFacts, { detected, lists }: Beside): FieldSource {
  return {
    list: (name) => lists.get(name),
    field: (index) => detected.get(index) ?? READERS[index]?.(request),
    entry(index, key) {
      const reader = ENTRY_READERS[index]
      if (reader !== undefined) return reader(request, key)
      const map = detected.get(index) ?? READERS[index]?.(request)
      return isMap(map) ? map.get(key) : undefined
    },
  }
}

function isMap(value: Value | undefined): value is ReadonlyMap<string, Value> {
  return value instanceof Map
}

function byIndex<Reader>(readers: {
  readonly [field: string]: Reader
}): readonly (Reader | undefined)[] {
  const table: (Reader | undefined)[] = Array.from({ length: FIELDS.length })
  for (const [name, reader] of Object.entries(readers)) {
    const index = fieldIndex(name)
    if (index === -1) throw new Error(`the rules language has no field ${name}`)
    table[index] = reader
  }
  return table
}
