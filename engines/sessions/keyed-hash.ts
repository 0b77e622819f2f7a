/**
 * The name under which a session, or anything else that a stranger says, is known everywhere else: a keyed hash
 * (HMAC-SHA-256, RFC 2104) of it. Without the Worker's secret it can neither be computed from what was said nor searched for;
 * the key is derived for this purpose alone (HKDF, RFC 5869) and for one zone.
 */

/** What is hashed: a value and what it is. A session's identifier is one. */
export type HashedText = { readonly type: string; readonly name: string; readonly value: string }

/** 32 lower-case hex digits. */
export type KeyedHash = (text: HashedText) => Promise<string>

type SessionKey = {
  /** Octets of the Worker's secret. */
  readonly secret: Uint8Array<ArrayBuffer>
  /** The zone: the same identifier has another hash in another one. */
  readonly context: string
}

const HASH_BYTES = 16

export async function createKeyedHash({ secret, context }: SessionKey): Promise<KeyedHash> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const info = encoder.encode(`portcullis session v1\n${context}`)
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    base,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
  return async ({ type, name, value }) => {
    // JSON keeps the three apart, whatever they hold.
    const message = encoder.encode(JSON.stringify([type, name, value]))
    const code = new Uint8Array(await crypto.subtle.sign('HMAC', key, message))
    return Array.from(code.subarray(0, HASH_BYTES), hexOf).join('')
  }
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

const encoder = new TextEncoder()
