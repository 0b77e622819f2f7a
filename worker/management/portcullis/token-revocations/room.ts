/** Whether there is room for one revocation more: the data plane gets all of them as one part, which ends at 25 MiB in KV. */
import { problem, type Problems } from '../../envelope.ts'
import { LIMITS } from '../../limits.ts'
import type { ManagementPorts } from '../../ports.ts'

/** What is wrong with adding one; nothing when there is room. */
export async function lackOfRoom({ zone }: ManagementPorts): Promise<Problems> {
  const { tokenRevocationsMax, revocationsUnweighedMax, revocationBytesTotalMax } = LIMITS
  const count = await zone.count('token_revocation')
  if (count >= tokenRevocationsMax) {
    return full(`There may be at most ${tokenRevocationsMax} revocations`)
  }
  if (count < revocationsUnweighedMax) return []
  const members = ['configuration_id', 'jti', 'sub', 'issued_before'] as const
  const published = JSON.stringify(await zone.outline('token_revocation', members))
  return new TextEncoder().encode(published).length < revocationBytesTotalMax
    ? []
    : full(`All revocations together may have at most ${revocationBytesTotalMax} bytes`)
}

function full(bound: string): Problems {
  const advice = 'one with sub and issued_before can stand for many.'
  return problem('limit_reached', `${bound}; ${advice}`).error
}
