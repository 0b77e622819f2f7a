/** A revocation list of very many numbers, put together octet by octet: a library that makes objects takes minutes for it. */
import { der, extension, octets } from '../engines/certificates/crl/support.ts'
import type { TestAuthority } from './authorities.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

type LargeList = {
  /** From 1 to 127. */
  readonly number: number
  /** Hexadecimal, whole octets, positive. */
  readonly serials: readonly string[]
}

/** DER, in force for a week. */
export async function makeLargeList(
  issuer: TestAuthority,
  { number, serials }: LargeList,
): Promise<Uint8Array<ArrayBuffer>> {
  const nowMs = Date.now()
  // ecdsa-with-SHA256.
  const algorithm = der(0x30, der(0x06, octets(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)))
  const revokedAt = Buffer.from(time(nowMs - 60_000))
  const entries = serials.map((serial) => {
    const value = Buffer.from(serial, 'hex')
    const content = Buffer.concat([Buffer.from([0x02, value.length]), value, revokedAt])
    return Buffer.concat([Buffer.from([0x30, content.length]), content])
  })
  const tbs = der(
    0x30,
    der(0x02, octets(1)),
    algorithm,
    new Uint8Array(issuer.certificate.subjectName.toArrayBuffer()),
    time(nowMs - 60_000),
    time(nowMs + 7 * 86_400_000),
    der(0x30, Buffer.concat(entries)),
    der(0xa0, der(0x30, extension(20, der(0x02, octets(number))))),
  )
  const raw = new Uint8Array(await crypto.subtle.sign(ALGORITHM, issuer.keys.privateKey, tbs))
  const signature = der(0x30, integer(raw.subarray(0, 32)), integer(raw.subarray(32)))
  return der(0x30, tbs, algorithm, der(0x03, octets(0), signature))
}

function time(ms: number): Uint8Array<ArrayBuffer> {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return der(0x17, new TextEncoder().encode(text.slice(2)))
}

/** Positive and in the fewest octets. */
function integer(value: Uint8Array): Uint8Array<ArrayBuffer> {
  const digits = value.subarray(value.findIndex((octet) => octet !== 0))
  return der(0x02, ...((digits[0] ?? 0) >= 0x80 ? [octets(0)] : []), digits)
}
