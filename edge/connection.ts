/**
 * What the edge knows about a connection, read once when it opens and the same for each of its requests:
 * who is at the other end and what was agreed in the TLS handshake. It trusts no authority: whether a
 * client certificate is good is the Worker's to judge.
 */
import { createHash, type X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { describeCertificate, type CertificateDescription } from '#engines/certificates'
import type { ClientHello } from './client-hello.ts'

/** Cloudflare's `request.cf.tlsClientAuth`, every member. */
type TlsClientAuth = CertificateDescription & {
  readonly certPresented: '0' | '1'
  readonly certVerified: string
  readonly certRevoked: '0'
}

export type ConnectionFacts = {
  readonly scheme: 'http' | 'https'
  readonly clientIp: string
  /** Null on plain HTTP. */
  readonly tls: TlsFacts | null
  /** On plain HTTP what Cloudflare says of a client without a certificate. */
  readonly clientAuth: TlsClientAuth
}

export type TlsFacts = {
  readonly version: string
  readonly cipher: string
  /** Null when the ClientHello could not be read. */
  readonly hello: ClientHello | null
  /** Lower-case hexadecimal of the Finished messages; '' where the handshake has none. */
  readonly clientFinished: string
  readonly serverFinished: string
}

export type ConnectionInput = {
  readonly socket: Socket
  readonly hello: ClientHello | null
  readonly chainCertificatesMax: number
}

/** Reads a connection whose handshake, if it has one, is complete. */
export async function readConnection(input: ConnectionInput): Promise<ConnectionFacts> {
  const { socket } = input
  const clientIp = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  if (!(socket instanceof TLSSocket))
    return { scheme: 'http', clientIp, tls: null, clientAuth: NO_CERTIFICATE }
  const cipher = socket.getCipher().name
  return {
    scheme: 'https',
    clientIp,
    tls: {
      version: socket.getProtocol() ?? '',
      cipher: CLOUDFLARE_CIPHER_NAMES[cipher] ?? cipher,
      hello: input.hello,
      clientFinished: socket.getPeerFinished()?.toString('hex') ?? '',
      serverFinished: socket.getFinished()?.toString('hex') ?? '',
    },
    clientAuth: await readClientAuth(socket, input.chainCertificatesMax),
  }
}

/** SHA-1 in base64, the form of Cloudflare's TLS fingerprints. */
export function fingerprint(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('base64')
}

// BoringSSL names the TLS 1.3 suites in its own way; for TLS 1.2 it agrees with OpenSSL.
const CLOUDFLARE_CIPHER_NAMES: Readonly<Record<string, string>> = {
  TLS_AES_128_GCM_SHA256: 'AEAD-AES128-GCM-SHA256',
  TLS_AES_256_GCM_SHA384: 'AEAD-AES256-GCM-SHA384',
  TLS_CHACHA20_POLY1305_SHA256: 'AEAD-CHACHA20-POLY1305-SHA256',
}

async function readClientAuth(
  socket: TLSSocket,
  chainCertificatesMax: number,
): Promise<TlsClientAuth> {
  const leaf = socket.getPeerX509Certificate()
  if (leaf === undefined) return NO_CERTIFICATE
  const description = await describeCertificate({
    leafDer: new Uint8Array(leaf.raw),
    chainDer: readChain(leaf, chainCertificatesMax).map(
      (certificate) => new Uint8Array(certificate.raw),
    ),
  })
  return {
    // OpenSSL took a certificate that our own reader refuses: presented, and good for nothing.
    ...(description.ok ? description.value : NO_DESCRIPTION),
    certPresented: '1',
    certVerified: VERIFICATION_FAILURES[String(socket.authorizationError)] ?? 'FAILED',
    certRevoked: '0',
  }
}

/** The certificates the client sent above its leaf, in its order; roots are left out as Cloudflare does. */
function readChain(
  leaf: X509Certificate,
  chainCertificatesMax: number,
): readonly X509Certificate[] {
  const chain: X509Certificate[] = []
  let next = leaf.issuerCertificate
  while (next !== undefined && chain.length < chainCertificatesMax) {
    if (next.subject !== next.issuer) chain.push(next)
    next = next.issuerCertificate
  }
  return chain
}

// OpenSSL's verdict with an empty trust store, in the words that Cloudflare documents.
const VERIFICATION_FAILURES: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'FAILED:self signed certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'FAILED:unable to verify the first certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'FAILED:unable to get local issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'FAILED:unable to get local issuer certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'FAILED:unable to get local issuer certificate',
  CERT_NOT_YET_VALID: 'FAILED:certificate is not yet valid',
  CERT_HAS_EXPIRED: 'FAILED:certificate has expired',
}

const NO_DESCRIPTION: CertificateDescription = {
  certIssuerDN: '',
  certSubjectDN: '',
  certIssuerDNRFC2253: '',
  certSubjectDNRFC2253: '',
  certIssuerDNLegacy: '',
  certSubjectDNLegacy: '',
  certSerial: '',
  certIssuerSerial: '',
  certSKI: '',
  certIssuerSKI: '',
  certFingerprintSHA1: '',
  certFingerprintSHA256: '',
  certNotBefore: '',
  certNotAfter: '',
  certRFC9440: '',
  certRFC9440TooLarge: false,
  certChainRFC9440: '',
  certChainRFC9440TooLarge: false,
}

const NO_CERTIFICATE: TlsClientAuth = {
  ...NO_DESCRIPTION,
  certPresented: '0',
  certVerified: 'NONE',
  certRevoked: '0',
}
