/** Certificates and revocation lists as they stand in a row: PEM, several of them after one another if need be, or base64 of DER. */
import { decodePem } from '#engines/certificates'

/** The DER of each certificate in `text`, at least one; null when it is neither PEM nor base64. */
export function readGivenCertificates(text: string): readonly Uint8Array[] | null {
  if (!text.includes('-----BEGIN')) return single(text)
  const blocks = decodePem(text, ['CERTIFICATE'])
  return blocks.ok ? blocks.value : null
}

/** The bytes of each list in `text`, DER or PEM, as the engine reads them; null when it is neither PEM nor base64. */
export function readGivenLists(text: string): readonly Uint8Array[] | null {
  if (!text.includes(LIST_BEGIN)) return single(text)
  const [, ...bodies] = text.split(LIST_BEGIN)
  return bodies.map((body) => new TextEncoder().encode(LIST_BEGIN + body))
}

const LIST_BEGIN = '-----BEGIN X509 CRL-----'

function single(text: string): readonly Uint8Array[] | null {
  const compact = text.replaceAll(/\s/g, '')
  // Buffer passes over what is not base64 instead of refusing it.
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact)
  return isBase64 ? [new Uint8Array(Buffer.from(compact, 'base64'))] : null
}
