/**
 * Who may manage: whoever holds API_TOKEN. Digests are compared, in constant time, so neither the answer nor its
 * duration tells how much of a guess was right. Nothing says which part of the credentials was wrong.
 */

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
  const twice = await crypto.subtle.digest('SHA-256', await digest(apiToken))
  const hex = [...new Uint8Array(twice)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.slice(0, TOKEN_ID_CHARACTERS)
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
