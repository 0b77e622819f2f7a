/**
 * Writes a client certificate down as the members of `request.cf.tlsClientAuth`, in Cloudflare's forms.
 * It promises what the certificate says, not that any of it is true: whether the certificate is valid
 * (certVerified, certRevoked) is judged elsewhere, and these members are left out here.
 */
import { ok, type Result } from '#engines/result'

import { formatOpenSslTime } from './calendar.ts'
import {
  readCertificate,
  sameBytes,
  type Certificate,
  type CertificateError,
} from './certificate.ts'
import { readExtensions } from './extensions.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { certificateLimits } from './limits.ts'
import { formatLegacy, formatRfc2253 } from './names.ts'
import { verifySignature } from './signatures.ts'

/** What of `request.cf.tlsClientAuth` the certificate itself determines; unknown members are ''. */
export type CertificateDescription = {
  readonly certIssuerDN: string
  readonly certSubjectDN: string
  readonly certIssuerDNRFC2253: string
  readonly certSubjectDNRFC2253: string
  readonly certIssuerDNLegacy: string
  readonly certSubjectDNLegacy: string
  /** Content octets of the serial number, upper-case hexadecimal. */
  readonly certSerial: string
  readonly certIssuerSerial: string
  /** Upper-case hexadecimal without colons, as rules compare it. */
  readonly certSKI: string
  readonly certIssuerSKI: string
  /** Lower-case hexadecimal. */
  readonly certFingerprintSHA1: string
  readonly certFingerprintSHA256: string
  /** `Dec 22 19:39:00 2018 GMT`. */
  readonly certNotBefore: string
  readonly certNotAfter: string
  /** `:base64 DER:` (RFC 9440), '' when too large. */
  readonly certRFC9440: string
  readonly certRFC9440TooLarge: boolean
  /** Comma list, nearest to the leaf first, without a root; '' when too large. */
  readonly certChainRFC9440: string
  readonly certChainRFC9440TooLarge: boolean
}

export type DescribeInput = {
  readonly leafDer: Uint8Array<ArrayBuffer>
  /** What the client sent after its leaf, in its order. */
  readonly chainDer: readonly Uint8Array[]
}

/** Cloudflare's bounds on the encoded values, in characters (10 and 16 KiB). */
const rfc9440CharactersMax = 10 * 1024
const chainRfc9440CharactersMax = 16 * 1024

/** Describes a leaf and the chain sent with it; an unreadable chain member is forwarded but not used. */
export async function describeCertificate(
  input: DescribeInput,
): Promise<Result<CertificateDescription, CertificateError>> {
  const parsed = readCertificate(input.leafDer)
  if (!parsed.ok) return parsed
  const leaf = parsed.value
  const chain = input.chainDer.map(readCertificate).flatMap((read) => (read.ok ? [read.value] : []))
  const [sha1, sha256] = await Promise.all([
    crypto.subtle.digest('SHA-1', input.leafDer),
    crypto.subtle.digest('SHA-256', input.leafDer),
  ])
  const issuer = formatRfc2253(leaf.issuer)
  const subject = formatRfc2253(leaf.subject)
  return ok({
    // Cloudflare's plain form is the RFC 2253 one (fields reference, cert_subject_dn).
    certIssuerDN: issuer,
    certSubjectDN: subject,
    certIssuerDNRFC2253: issuer,
    certSubjectDNRFC2253: subject,
    certIssuerDNLegacy: formatLegacy(leaf.issuer),
    certSubjectDNLegacy: formatLegacy(leaf.subject),
    certSerial: upperHex(leaf.serial),
    ...describeKeyIdentifiers(leaf, await findIssuer(leaf, chain)),
    certFingerprintSHA1: bytesToHex(new Uint8Array(sha1)),
    certFingerprintSHA256: bytesToHex(new Uint8Array(sha256)),
    certNotBefore: formatOpenSslTime(leaf.notBefore),
    certNotAfter: formatOpenSslTime(leaf.notAfter),
    ...describeEncodings(input),
  })
}

type KeyIdentifierMembers = Pick<
  CertificateDescription,
  'certSKI' | 'certIssuerSKI' | 'certIssuerSerial'
>

/** By name and signature: a client can send certificates of his own in the name of whoever issued his leaf. */
async function findIssuer(
  leaf: Certificate,
  chain: readonly Certificate[],
): Promise<Certificate | null> {
  const { signatureAlgorithm: algorithm, tbs: signed, signature } = leaf
  const namesakes = [...chain, leaf].filter(({ subject }) =>
    sameBytes(subject.der, leaf.issuer.der),
  )
  for (const namesake of namesakes.slice(0, certificateLimits.chainCertificatesMax)) {
    const facts = { algorithm, signed, signature, allowSha1: true }
    if ((await verifySignature(facts, namesake.publicKey)).ok) return namesake
  }
  return null
}

/** The issuer's identifiers come from the leaf's own authority key identifier, else from the issuer if sent. */
function describeKeyIdentifiers(
  leaf: Certificate,
  issuer: Certificate | null,
): KeyIdentifierMembers {
  const extensions = readExtensions(leaf)
  const authority = extensions?.authorityKeyIdentifier ?? null
  const issuerExtensions = issuer === null ? null : readExtensions(issuer)
  return {
    certSKI: upperHex(extensions?.subjectKeyIdentifier ?? null),
    certIssuerSKI: upperHex(
      authority?.keyIdentifier ?? issuerExtensions?.subjectKeyIdentifier ?? null,
    ),
    certIssuerSerial: upperHex(authority?.serial ?? issuer?.serial ?? null),
  }
}

type EncodingMembers = Pick<
  CertificateDescription,
  'certRFC9440' | 'certRFC9440TooLarge' | 'certChainRFC9440' | 'certChainRFC9440TooLarge'
>

function describeEncodings({ leafDer, chainDer }: DescribeInput): EncodingMembers {
  const leaf = formatRfc9440(leafDer)
  // RFC 9440 §2.3: the chain is without the leaf; Cloudflare leaves the root out as well.
  const chain = chainDer
    .filter((der) => !sameBytes(der, leafDer) && !isSelfIssued(der))
    .map(formatRfc9440)
    .join(', ')
  const leafTooLarge = leaf.length > rfc9440CharactersMax
  const chainTooLarge = chain.length > chainRfc9440CharactersMax
  return {
    certRFC9440: leafTooLarge ? '' : leaf,
    certRFC9440TooLarge: leafTooLarge,
    certChainRFC9440: chainTooLarge ? '' : chain,
    certChainRFC9440TooLarge: chainTooLarge,
  }
}

/** RFC 8941 byte sequence. */
function formatRfc9440(der: Uint8Array): string {
  return `:${btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(''))}:`
}

function isSelfIssued(der: Uint8Array): boolean {
  const parsed = readCertificate(der)
  return parsed.ok && sameBytes(parsed.value.issuer.der, parsed.value.subject.der)
}

function upperHex(bytes: Uint8Array | null): string {
  return bytes === null ? '' : bytesToHex(bytes).toUpperCase()
}
