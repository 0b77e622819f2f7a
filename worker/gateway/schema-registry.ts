/**
 * Which uploaded schema describes which operation, and its validator, built when the operation is first met. Of two enabled
 * documents that describe one operation the newer counts.
 */
import { createValidator, type Validator } from '#engines/openapi/validate'
import type { PublishedZone } from '../storage/collections.ts'
import type { StoredProfile } from '../storage/resources.ts'

export type SchemaRegistry = {
  /** The operations that some enabled schema describes. */
  readonly operationIds: ReadonlySet<string>
  /** `null` when none does. */
  validator(operationId: string): Validator | null
}

export function createSchemaRegistry({ schema_profile }: PublishedZone): SchemaRegistry {
  const describing = describingProfiles(schema_profile)
  const validators = new Map<string, Validator | null>()
  return {
    operationIds: new Set(describing.keys()),
    validator(operationId) {
      const built = validators.get(operationId)
      if (built !== undefined) return built
      const stored = describing.get(operationId)
      const validator = stored === undefined ? null : build(stored, operationId)
      // Only of described operations, so a stranger cannot make it grow.
      if (stored !== undefined) validators.set(operationId, validator)
      return validator
    },
  }
}

function describingProfiles(
  profiles: readonly StoredProfile[],
): ReadonlyMap<string, StoredProfile> {
  const oldestFirst = profiles.toSorted((a, b) => a.created_at.localeCompare(b.created_at))
  return new Map(
    oldestFirst.flatMap((stored) =>
      Object.keys(stored.operation_keys).map((id) => [id, stored] as const),
    ),
  )
}

function build({ operation_keys, profile }: StoredProfile, operationId: string): Validator | null {
  const key = operation_keys[operationId]
  return key === undefined ? null : createValidator(profile, key)
}
