/**
 * The token configurations of a zone, ready to judge with, and the tokens that were revoked. With any change of a
 * configuration all begin anew: with no keys, and remembering no token.
 */
import { TOKEN_LIMITS } from '#engines/tokens'
import type { PublishedZone } from '../storage/collections.ts'
import { areKept } from './kept.ts'
import { createTokenJudge, type TokenJudge } from './token-judge.ts'
import { createTokenRevocations, type TokenRevocations } from './token-revocations.ts'

export type TokenStore = {
  /** By the id of the configuration. */
  readonly judges: ReadonlyMap<string, TokenJudge>
  readonly revocations: TokenRevocations
}

type Previous = { readonly zone: PublishedZone; readonly tokens: TokenStore }

export function createTokenStore(zone: PublishedZone, previous: Previous | null): TokenStore {
  const before = previous?.zone
  return {
    judges:
      previous !== null && areKept(before, zone, 'token_configuration')
        ? previous.tokens.judges
        : createJudges(zone.token_configuration),
    revocations:
      previous !== null && areKept(before, zone, 'token_revocation')
        ? previous.tokens.revocations
        : createTokenRevocations(zone.token_revocation),
  }
}

/** The memory of tokens is bounded for all of them together. */
function createJudges(
  configurations: PublishedZone['token_configuration'],
): ReadonlyMap<string, TokenJudge> {
  const share = Math.max(1, configurations.length)
  const bounds = {
    entriesMax: Math.floor(TOKEN_LIMITS.cacheEntriesMax / share),
    charactersMax: Math.floor(TOKEN_LIMITS.cacheCharactersMax / share),
  }
  return new Map(configurations.map((one) => [one.id, createTokenJudge(one, bounds)]))
}
