/** Which stored profile describes an operation. Of two enabled ones the newer counts, as in the data plane. */
import type { Operation, StoredProfile } from '../../storage/resources.ts'

export function describes({ operation_keys }: StoredProfile, operation: Operation): boolean {
  return Object.hasOwn(operation_keys, operation.operation_id)
}

/** The profile that requests for the operation are validated against. */
export function activeProfile(
  profiles: readonly StoredProfile[],
  operation: Operation,
): StoredProfile | undefined {
  return profiles
    .filter((profile) => profile.validation_enabled && describes(profile, operation))
    .toSorted((a, b) => a.created_at.localeCompare(b.created_at))
    .at(-1)
}
