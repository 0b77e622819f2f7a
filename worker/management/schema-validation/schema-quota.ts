/** Keeps what a zone's documents take together below what its stores can carry; the documents themselves are not read. */
import type { Delete, Put } from '../../storage/ports.ts'
import type { StoredProfile } from '../../storage/resources.ts'
import { LIMITS } from '../limits.ts'

/** What has to be known of every stored profile. */
export const WEIGHT_MEMBERS = [
  'schema_id',
  'source_characters',
  'parts_characters',
  'index_characters',
] as const

type Weight = Pick<StoredProfile, (typeof WEIGHT_MEMBERS)[number]>

type Change = { readonly puts: readonly Put[]; readonly deletes: readonly Delete[] }

/** Would the zone hold too much after this change? */
export function isOverfull(stored: readonly Weight[], { puts, deletes }: Change): boolean {
  const weights = new Map(stored.map((weight) => [weight.schema_id, weight]))
  for (const { collection, id } of deletes) if (collection === 'schema_profile') weights.delete(id)
  for (const put of puts) if (put.collection === 'schema_profile') weights.set(put.id, put.body)
  // One that an older release stored is not weighed until it is compiled anew, which happens at once.
  const total = (member: keyof Omit<Weight, 'schema_id'>): number =>
    [...weights.values()].reduce((sum, weight: Partial<Weight>) => sum + (weight[member] ?? 0), 0)
  return (
    weights.size > LIMITS.schemasMax ||
    total('source_characters') > LIMITS.sourceCharactersTotalMax ||
    total('parts_characters') > LIMITS.profilePartCharactersTotalMax ||
    total('index_characters') > LIMITS.profileIndexCharactersTotalMax
  )
}
