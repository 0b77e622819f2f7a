/**
 * Judges the token of one token configuration: reads it from where the configuration says, verifies it with the keys in
 * force and remembers the verdict while it holds. A token seen before costs no public-key operation and no call. What may
 * change meanwhile (time, revocations, whether it was used) is asked at every request.
 */
import type { FieldSource } from '#engines/expressions'
import type { Result } from '#engines/result'
import {
  compileRequirements,
  compileTokenSource,
  createTokenCache,
  createTokenVerifier,
  importKeySet,
  type InvalidToken,
  readToken,
  type TokenCache,
  type TokenCacheBounds,
  type TokenReason,
  type TokenRequirements,
  type TokenVerdict,
  type TokenVerifier,
  type ValidToken,
} from '#engines/tokens'
import type { TokenConfiguration } from '../storage/resources/tokens.ts'
import type { Moment, TokenPorts } from './stage.ts'
import { createListedKeys, createSourcedKeys, type Make, NAMELESS } from './token-keys.ts'
import type { TokenRevocations } from './token-revocations.ts'

export type TokenJudge = {
  /** Null when the request has none. */
  read(source: FieldSource): string | null
  /** @throws when there are no keys, or the memory of used tokens cannot be reached: nothing is known then. */
  judge(token: string, circumstances: Circumstances): Promise<TokenVerdict>
}

type Circumstances = Moment & {
  readonly ports: TokenPorts
  readonly revocations: TokenRevocations
}

/** @throws when the configuration does not compile; it was checked when it was written, so that is a bug or damage. */
export function createTokenJudge(
  configuration: TokenConfiguration,
  cacheBounds: TokenCacheBounds,
): TokenJudge {
  const { id, token_sources, key_source } = configuration
  const sources = token_sources.map((text) => compiled(compileTokenSource(text), id))
  const requirements = compiled(compileRequirements(requirementsOf(configuration)), id)
  const make: Make<Verifying> = async (fetched, { open }) => {
    // Keys that are listed beside a source do not count: the operator has been told so.
    const keys = key_source === undefined ? await open(configuration) : fetched
    const keySet = await importKeySet(keys)
    return {
      verifier: createTokenVerifier({ keySet, requirements }),
      kids: new Set(keys.flatMap(({ kid }) => kid ?? [])),
      cache: createTokenCache(cacheBounds),
    }
  }
  const holder =
    key_source === undefined
      ? createListedKeys(make)
      : createSourcedKeys({ configurationId: id, source: key_source }, make)

  async function verified(token: string, { ports, ...at }: Circumstances): Promise<TokenVerdict> {
    const held = await holder.inForce(at, ports)
    const known = held.cache.get(token)
    if (known !== undefined) return held.verifier.recheck(known, at.nowMs)
    const verdict = await verifyWith(held, token, at.nowMs)
    const kid = verdict.valid ? null : keyToAskFor(verdict, held)
    // The tokens of other providers may come the same way: nothing is asked, and nobody waits, for those.
    if (kid === null || !held.verifier.isPlausible(token, at.nowMs)) return verdict
    const newer = await holder.askFor(kid, held, { ...at, ports })
    return newer === held ? verdict : verifyWith(newer, token, at.nowMs)
  }

  return {
    read: (source) => readToken(sources, source),
    async judge(token, circumstances) {
      const verdict = await verified(token, circumstances)
      if (!verdict.valid) return verdict
      const { ports, revocations } = circumstances
      if (revocations.isRevoked(id, verdict)) return refused(verdict, 'revoked')
      if (!requirements.isOnceOnly) return verdict
      // Last: a token that is refused for another reason was not used.
      const { jti, expiresAt } = verdict
      if (jti === null) return refused(verdict, 'jti_missing')
      if (expiresAt === null) return refused(verdict, 'expiry_missing')
      const claim = await ports.replays.claim({
        configurationId: id,
        jti,
        expiresAt: expiresAt + requirements.clockSkewSeconds,
      })
      return claim === 'first' ? verdict : refused(verdict, 'replayed')
    },
  }
}

/** What is made of a set of keys. */
type Verifying = {
  readonly verifier: TokenVerifier
  readonly kids: ReadonlySet<string>
  /** Of valid tokens. It goes with the keys that they were verified with. */
  readonly cache: TokenCache
}

async function verifyWith(
  { verifier, cache }: Verifying,
  token: string,
  nowMs: number,
): Promise<TokenVerdict> {
  const verdict = await verifier.verify(token, nowMs)
  if (verdict.valid) cache.set(token, verdict)
  return verdict
}

/** The key that a newer set may have; null when none would change the verdict. */
function keyToAskFor({ reason, header }: InvalidToken, { kids }: Verifying): string | null {
  const kid = header?.kid ?? NAMELESS
  if (reason === 'unknown_key' || reason === 'keys_unavailable') return kid
  // Verified with a key that has no name: after a rotation it is another one.
  return reason === 'signature_invalid' && !kids.has(kid) ? kid : null
}

/** Keys of a provider may serve several issuers; who names one means its tokens alone. */
function requirementsOf({ requirements, key_source }: TokenConfiguration): TokenRequirements {
  return key_source?.kind === 'oidc'
    ? { issuers: [key_source.issuer], ...requirements }
    : { ...requirements }
}

function refused({ header }: ValidToken, reason: TokenReason): InvalidToken {
  return { valid: false, signature: 'valid', reason, header }
}

function compiled<T>(result: Result<T, unknown>, id: string): T {
  if (result.ok) return result.value
  throw new Error(`token configuration ${id} does not compile: ${JSON.stringify(result.error)}`)
}
