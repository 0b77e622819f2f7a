/**
 * Which uploaded schema describes which operation, and where its validator is to be had. Of two enabled documents that
 * describe one operation the newer counts. One that was compiled by another release is known to describe its operations, and
 * nothing more is read from it: its operations wait for it to be compiled anew.
 */
import { PROFILE_FORMAT } from '#engines/openapi/validate'
import type { PublishedProfile, PublishedZone } from '../storage/collections.ts'
import type { WantedOperation } from './schema-store.ts'

export type SchemaRegistry = {
  /** The operations that some enabled schema describes. */
  readonly operationIds: ReadonlySet<string>
  /** `null` when none does. @throws when that schema is of another release. */
  find(operationId: string): WantedOperation | null
  /** The same for responses. */
  findResponses(operationId: string): WantedOperation | null
}

export function createSchemaRegistry({ schema_profile }: PublishedZone): SchemaRegistry {
  const describing = describingProfiles(schema_profile)
  return {
    operationIds: new Set(describing.keys()),
    find(operationId) {
      const profile = describing.get(operationId)
      return profile === undefined ? null : wantedOf(profile, operationId, 'part_numbers')
    },
    findResponses(operationId) {
      const profile = describing.get(operationId)
      return profile === undefined ? null : wantedOf(profile, operationId, 'response_part_numbers')
    },
  }
}

/** Whether the profile was compiled by this release. */
export function isOutdated({ format }: Pick<PublishedProfile, 'format'>): boolean {
  return format !== PROFILE_FORMAT
}

function describingProfiles(
  profiles: readonly PublishedProfile[],
): ReadonlyMap<string, PublishedProfile> {
  const oldestFirst = profiles.toSorted((a, b) => a.created_at.localeCompare(b.created_at))
  return new Map(
    oldestFirst.flatMap((profile) =>
      Object.keys(profile.operation_keys).map((id) => [id, profile] as const),
    ),
  )
}

function wantedOf(
  profile: PublishedProfile,
  operationId: string,
  index: 'part_numbers' | 'response_part_numbers',
): WantedOperation {
  const { schema_id, operation_keys, parts } = profile
  if (isOutdated(profile)) throw new Error(`schema_outdated: ${schema_id}`)
  const key = operation_keys[operationId] ?? ''
  const digests = (profile[index][key] ?? []).map((number) => parts[number] ?? '')
  // An index with a hole is damage: a validator without that part would let everything through.
  if (digests.length === 0 || digests.includes('')) throw new Error(`schema_damaged: ${schema_id}`)
  return { key, digests }
}
