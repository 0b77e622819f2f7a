/** Tokens that are no longer accepted although they verify. Asked at every request, also of tokens that are remembered. */
import type { ValidToken } from '#engines/tokens'
import type { PublishedZone } from '../storage/collections.ts'

export type TokenRevocations = {
  isRevoked(configurationId: string, token: ValidToken): boolean
}

export function createTokenRevocations(
  entries: PublishedZone['token_revocation'],
): TokenRevocations {
  const tokens = new Set<string>()
  /** Subject → seconds since 1970 before which its tokens are refused. */
  const subjects = new Map<string, number>()
  for (const { configuration_id, jti, sub, issued_before = Infinity } of entries) {
    if (jti !== undefined) tokens.add(named(configuration_id, jti))
    if (sub !== undefined) {
      const name = named(configuration_id, sub)
      subjects.set(name, Math.max(issued_before, subjects.get(name) ?? 0))
    }
  }
  return {
    isRevoked(configurationId, { jti, claims, issuedAt }) {
      if (jti !== null && tokens.has(named(configurationId, jti))) return true
      const { sub } = claims
      if (typeof sub !== 'string') return false
      const before = subjects.get(named(configurationId, sub))
      // A token that does not say when it was issued may be an old one.
      return before !== undefined && (issuedAt === null || issuedAt < before)
    },
  }
}

function named(configurationId: string, name: string): string {
  return `${configurationId} ${name}`
}
