/** Digests as storage and the control plane write them. */
import { bytesToHex } from '@noble/hashes/utils.js'

/** SHA-256 of a text's UTF-8, or of bytes, in lower-case hex. */
export async function sha256Hex(content: string | ArrayBuffer): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
