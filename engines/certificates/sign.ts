/**
 * Builds and signs one certificate from decided contents: who may ask, for how long and for what is
 * settled by the callers (authority, issue, server). ECDSA P-256 with SHA-256 signs, always.
 */
import type { Certificate } from './certificate.ts'
import { readCertificate } from './certificate.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { X509 } from './x509.ts'

export type CertificateContents = {
  readonly subjectDer: Uint8Array<ArrayBuffer>
  readonly issuerDer: Uint8Array<ArrayBuffer>
  readonly publicKeyDer: Uint8Array<ArrayBuffer>
  /** Positive and at most 20 octets (RFC 5280 §4.1.2.2). */
  readonly serial: Uint8Array
  /** Seconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  readonly extensions: readonly InstanceType<X509['Extension']>[]
}

/** The one algorithm we sign with. */
export const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** Signs `contents` with an ECDSA P-256 private key. */
export async function signCertificate(
  x509: X509,
  contents: CertificateContents,
  signingKey: CryptoKey,
): Promise<Certificate> {
  const built = await x509.X509CertificateGenerator.create(
    {
      serialNumber: bytesToHex(contents.serial),
      subject: new x509.Name(contents.subjectDer),
      issuer: new x509.Name(contents.issuerDer),
      notBefore: dateOf(contents.notBefore),
      notAfter: dateOf(contents.notAfter),
      publicKey: new x509.PublicKey(contents.publicKeyDer),
      signingKey,
      signingAlgorithm,
      extensions: [...contents.extensions],
    },
    crypto,
  )
  const read = readCertificate(new Uint8Array(built.rawData))
  if (!read.ok) throw new Error(`a certificate we built cannot be read: ${read.error.reason}`)
  return read.value
}

/** A fresh key pair for signing with `signingAlgorithm`; the platform supplies the key's randomness. */
export async function generateSigningKeys(): Promise<{
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly privateKeyPkcs8: Uint8Array<ArrayBuffer>
  readonly publicKeyDer: Uint8Array<ArrayBuffer>
}> {
  const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('an ECDSA key must come as a pair')
  return {
    privateKey: keys.privateKey,
    publicKey: keys.publicKey,
    privateKeyPkcs8: await exportKey('pkcs8', keys.privateKey),
    publicKeyDer: await exportKey('spki', keys.publicKey),
  }
}

async function exportKey(
  format: 'pkcs8' | 'spki',
  key: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const exported = await crypto.subtle.exportKey(format, key)
  if (!(exported instanceof ArrayBuffer)) throw new Error(`${format} must export as octets`)
  return new Uint8Array(exported)
}

/** A positive serial number of 16 octets out of 16 random ones. */
export function serialFrom(randomOctets: Uint8Array): Uint8Array {
  // 01xxxxxx: positive without padding and never zero, whatever the randomness.
  return randomOctets.map((octet, index) => (index === 0 ? (octet & 0x3f) | 0x40 : octet))
}

/** Length of the randomness that serialFrom wants. */
export const serialOctets = 16

function dateOf(seconds: number): Date {
  // oxlint-disable-next-line no-restricted-globals -- the library takes Date objects; this one is given, not read from a clock.
  return new Date(seconds * 1000)
}
