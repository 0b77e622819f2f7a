/**
 * The keys that an operator gives to a configuration: checked, sealed, and printed without their secrets. What is stored is
 * what verifies; what cannot verify is refused, or left out with a notice.
 */
import { err, ok, type Result } from '#engines/result'
import { checkKeys, type Jwk } from '#engines/tokens'
import type { StoredKey, TokenConfiguration } from '../../../storage/resources/tokens.ts'
import { sealKeys } from '../../../storage/token-secrets.ts'
import { type Notice, problem, type Problems } from '../../envelope.ts'
import type { ManagementPorts } from '../../ports.ts'

export type ReadKeys = { readonly keys: readonly Jwk[]; readonly notices: readonly Notice[] }

/** `edited` keys may be symmetric ones without their secret. `pointer` leads to the list in the body. */
export function readKeys(
  written: unknown,
  origin: 'configured' | 'edited',
  pointer: string,
): Result<ReadKeys, Problems> {
  const { keys, issues, notices } = checkKeys(written, origin)
  if (issues.length > 0) {
    return err(
      issues.map((issue) => ({
        error: 'invalid_credentials',
        message: issue.message,
        pointer: pointer + issue.pointer,
      })),
    )
  }
  return ok({ keys, notices: notices.map(noticeOf) })
}

/** What is wrong when a configuration would have no keys and no source of keys either. */
export function lackOfKeys(
  { key_source, credentials }: Pick<TokenConfiguration, 'key_source' | 'credentials'>,
  pointer: string,
): Problems {
  if (key_source !== undefined || credentials.keys.length > 0) return []
  const text = 'A token configuration needs at least one key, or a key_source.'
  return problem('invalid_credentials', text, pointer).error
}

/** What is told of keys that are listed beside a source of keys: they are kept, and the source counts. */
export function unusedKeys({ key_source, credentials }: TokenConfiguration): readonly Notice[] {
  return key_source !== undefined && credentials.keys.length > 0
    ? [{ notice: 'listed_keys_unused' }]
    : []
}

/** A symmetric key without `k` gets the secret that is stored for its `kid` and `alg`, still sealed. */
export function withStoredSecrets(
  keys: readonly Jwk[],
  stored: readonly StoredKey[],
): Result<readonly StoredKey[], Problems> {
  const complete: StoredKey[] = []
  for (const key of keys) {
    const isWhole = key.kty !== 'oct' || key.k !== undefined
    const whole = isWhole
      ? key
      : stored.find(({ kty, kid, alg }) => kty === 'oct' && kid === key.kid && alg === key.alg)
    if (whole === undefined) {
      const text = `No secret is stored for the key "${key.kid}" with ${key.alg}: k is needed.`
      return problem('invalid_credentials', text, '/keys')
    }
    complete.push(whole)
  }
  return ok(complete)
}

/** Secrets that are sealed already stay as they are. */
export async function sealed(
  keys: readonly Jwk[],
  configurationId: string,
  { settings, random }: ManagementPorts,
): Promise<Result<readonly StoredKey[], Problems>> {
  const result = await sealKeys(keys, {
    secret: settings.SEALING_SECRET,
    zoneId: settings.ZONE_ID,
    configurationId,
    random,
  })
  return result.ok ? result : problem('secrets_unusable')
}

/** A configuration as it is answered. */
export function printed(configuration: TokenConfiguration): TokenConfiguration {
  return { ...configuration, credentials: { keys: printedKeys(configuration) } }
}

export function printedKeys({ credentials }: TokenConfiguration): readonly StoredKey[] {
  return credentials.keys.map(({ sealed_k: _sealed, ...key }) => key)
}

/** Cloudflare's own number. */
const ALGORITHM_DEFAULTED = 110_003

function noticeOf({ code, message }: { readonly code?: number; readonly message: string }): Notice {
  return { notice: code === ALGORITHM_DEFAULTED ? 'algorithm_defaulted' : 'key_left_out', message }
}
