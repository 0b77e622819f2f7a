/**
 * Who may manage: whoever holds API_TOKEN. Digests are compared, in constant time, so neither the answer nor its
 * duration tells how much of a guess was right. Nothing says which part of the credentials was wrong.
 */
import { sha256Hex } from '../storage/digest.ts'

/** Longer credentials are refused unread. */
const CREDENTIAL_CHARACTERS_MAX = 1024

/** How much of the digest of the digest names a token in answers and in the audit log. */
const TOKEN_ID_CHARACTERS = 32

/** The id of the token that the request proved to hold, `null` when it proved nothing. */
export async function authenticate(request: Request, apiToken: string): Promise<string | null> {
  const presented = presentedToken(request.headers)
  if (presented === null || presented.length > CREDENTIAL_CHARACTERS_MAX) return null
  const [expected, given] = await Promise.all([digest(apiToken), digest(presented)])
  return crypto.subtle.timingSafeEqual(expected, given) ? tokenId(apiToken) : null
}

/** Stable for a token, and useless for finding it: the digest of its digest. */
async function tokenId(apiToken: string): Promise<string> {
  const twice = await sha256Hex(await digest(apiToken))
  return twice.slice(0, TOKEN_ID_CHARACTERS)
}

/** `Authorization: Bearer`, or the older pair of X-Auth-Email and X-Auth-Key; the key is the same token. */
function presentedToken(headers: Headers): string | null {
  const authorization = headers.get('authorization')
  if (authorization !== null) return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? null
  return headers.get('x-auth-email') ? headers.get('x-auth-key') : null
}

async function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
}
