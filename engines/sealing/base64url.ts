/** Unpadded base64url (RFC 4648 §5), in its one canonical form: no padding, no stray bits, no white space. */
export function encodeBase64Url(octets: Uint8Array): string {
  return btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** The octets, or null when `text` is not what encodeBase64Url writes. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/')
  const octets = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  return encodeBase64Url(octets) === text ? octets : null
}
