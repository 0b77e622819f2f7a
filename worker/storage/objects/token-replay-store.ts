/** TokenReplayStore over the TokenReplay shards: a token always goes to the same one. */
import { sha256Hex } from '../digest.ts'
import type { TokenReplayStore } from '../ports.ts'
import type { TokenReplay } from './token-replay.ts'

export function createTokenReplayStore(
  namespace: DurableObjectNamespace<TokenReplay>,
  zoneId: string,
): TokenReplayStore {
  return {
    async claim({ configurationId, jti, expiresAt }) {
      const digest = await sha256Hex(`${configurationId}\n${jti}`)
      // Sixteen shards, by the first digit.
      const shard = namespace.getByName(`${zoneId}:${digest.slice(0, 1)}`)
      return shard.claim({ digest, expiresAtMs: Math.ceil(expiresAt * 1000) })
    },
  }
}
