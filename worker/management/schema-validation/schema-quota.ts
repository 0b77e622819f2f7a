/** Keeps what a zone's documents take together below what its stores can carry in one piece. */
import type { Delete, Documents, Put } from '../../storage/ports.ts'
import { LIMITS } from '../limits.ts'

type Stored = Pick<Documents, 'schema_source' | 'schema_profile'>

type Change = { readonly puts: readonly Put[]; readonly deletes: readonly Delete[] }

/** Would the zone hold too much after this change? Needs schema_source and schema_profile whole. */
export function isOverfull(documents: Stored, { puts, deletes }: Change): boolean {
  const sources = new Map(
    documents.schema_source.map((text) => [text.schema_id, text.source.length]),
  )
  const profiles = new Map(
    documents.schema_profile.map((profile) => [profile.schema_id, JSON.stringify(profile).length]),
  )
  for (const { collection, id } of deletes) {
    if (collection === 'schema_source') sources.delete(id)
    if (collection === 'schema_profile') profiles.delete(id)
  }
  for (const put of puts) {
    if (put.collection === 'schema_source') sources.set(put.id, put.body.source.length)
    if (put.collection === 'schema_profile') profiles.set(put.id, JSON.stringify(put.body).length)
  }
  return (
    sources.size > LIMITS.schemasMax ||
    total(sources) > LIMITS.sourceCharactersTotalMax ||
    total(profiles) > LIMITS.profileCharactersTotalMax
  )
}

function total(lengths: ReadonlyMap<string, number>): number {
  return [...lengths.values()].reduce((sum, length) => sum + length, 0)
}
