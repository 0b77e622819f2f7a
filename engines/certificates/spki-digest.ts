/** Names a public key by the digest of its SubjectPublicKeyInfo, as pins and revocation lists do. */
import type { Certificate } from './certificate.ts'
import { bytesToHex } from '@noble/hashes/utils.js'

/** SHA-256 of the certificate's SubjectPublicKeyInfo, lower-case hex. */
export async function spkiSha256({ publicKey }: Certificate): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(publicKey.der))
  return bytesToHex(new Uint8Array(digest))
}
