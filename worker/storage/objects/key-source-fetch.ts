/**
 * Gets the keys of a key source: a JWK set (RFC 7517 §5), or the one that an OpenID provider names in its discovery document
 * (OpenID Connect Discovery 1.0 §4). Believes nothing: both are bounded and guarded the same way, the provider has to call
 * itself what it was configured as, and a set that has no usable key, or too many, is refused whole.
 */
import { err, ok, type Result } from '#engines/result'
import { checkKeys, type Jwk } from '#engines/tokens'
import {
  describeRemoteFailure,
  fetchDocument,
  type RemoteDocument,
  type RemoteFailure,
  type RemotePorts,
} from '../../remote/document.ts'
import { sha256Hex } from '../digest.ts'
import type { KeySource } from '../resources/tokens.ts'
import { type FetchedKeys, KEY_SOURCE_LIMITS } from './key-source-state.ts'

/** Which document was no good, and why. */
export type KeysFailure = {
  readonly url: string
  readonly reason:
    | RemoteFailure['reason']
    | 'not_json'
    | 'issuer_differs'
    | 'no_jwks_uri'
    | 'no_keys'
    | 'keys_refused'
  /** In words; of the answer never more than a URL or a name. */
  readonly detail: string
}

export async function fetchKeys(
  ports: RemotePorts,
  source: KeySource,
): Promise<Result<FetchedKeys, KeysFailure>> {
  if (source.kind === 'jwks') return fetchKeySet(ports, source.url)
  const location = await discover(ports, source.issuer)
  return location.ok ? fetchKeySet(ports, location.value) : location
}

/** In words, beginning with the reason's name. */
export function describeKeysFailure(
  source: KeySource,
  { url, reason, detail }: KeysFailure,
): string {
  const wanted = source.kind === 'jwks' ? 'key set' : `key set of the issuer ${source.issuer}`
  return `${reason}: the ${wanted} cannot be used. ${url}: ${detail}`
}

/** The URL of the provider's key set. */
async function discover(ports: RemotePorts, issuer: string): Promise<Result<string, KeysFailure>> {
  // §4.1: a slash at the end of the issuer goes before the path is appended.
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = await fetchJson(ports, url)
  if (!document.ok) return document
  const { issuer: told, jwks_uri: location } = document.value.members
  // §4.3: must be exactly the issuer that was asked for, or one provider speaks for another.
  if (told !== issuer) {
    return err({
      url,
      reason: 'issuer_differs',
      detail: `It speaks for the issuer ${shown(told)}.`,
    })
  }
  if (typeof location === 'string') return ok(location)
  return err({ url, reason: 'no_jwks_uri', detail: 'It has no jwks_uri.' })
}

async function fetchKeySet(
  ports: RemotePorts,
  url: string,
): Promise<Result<FetchedKeys, KeysFailure>> {
  const document = await fetchJson(ports, url)
  if (!document.ok) return document
  const { keys, issues } = checkKeys(document.value.members['keys'], 'fetched')
  const [issue] = issues
  if (issue !== undefined) {
    return err({ url, reason: 'keys_refused', detail: `${issue.pointer} ${issue.message}` })
  }
  if (keys.length === 0) {
    return err({ url, reason: 'no_keys', detail: 'It has no key that verifies signatures.' })
  }
  const { maxAgeSeconds } = document.value
  return ok({ keys, digest: await digestOf(keys), maxAgeSeconds })
}

type JsonDocument = {
  readonly members: { readonly [name: string]: unknown }
  readonly maxAgeSeconds: number | null
}

async function fetchJson(
  ports: RemotePorts,
  url: string,
): Promise<Result<JsonDocument, KeysFailure>> {
  const { documentBytesMax, timeoutMs } = KEY_SOURCE_LIMITS
  const accept = 'application/json, application/jwk-set+json'
  const request = { url, bytesMax: documentBytesMax, timeoutMs, accept }
  const attempt = await fetchDocument(ports, request)
  // A provider that was restarted has closed the connections that were kept for the next time.
  const isLost = !attempt.ok && attempt.error.reason === 'unreachable'
  const document = isLost ? await fetchDocument(ports, request) : attempt
  if (!document.ok) {
    const { error } = document
    return err({ url, reason: error.reason, detail: describeRemoteFailure(error) })
  }
  const members = objectOf(document.value)
  if (members === null) return err({ url, reason: 'not_json', detail: 'It is not a JSON object.' })
  return ok({ members, maxAgeSeconds: document.value.maxAgeSeconds })
}

function objectOf({ bytes }: RemoteDocument): { readonly [name: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes),
    )
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return Object.fromEntries(Object.entries(value))
  } catch {
    // Not UTF-8 or not JSON; the caller says so.
    return null
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 256)) : typeof value
}

/** The order of a set means nothing, so it does not count. */
function digestOf(keys: readonly Jwk[]): Promise<string> {
  return sha256Hex(JSON.stringify(keys.map((key) => JSON.stringify(key)).sort()))
}
