/** Certificate authorities, what they issue and what they revoke, made afresh for a test, in Node and in workerd alike. */
import type { JsonGeneralNames, X509Certificate } from '@peculiar/x509'

// In this order, or the library throws.
await import('reflect-metadata')
const x509 = await import('@peculiar/x509')

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

const DAY_MS = 86_400_000

export type TestAuthority = {
  readonly pem: string
  readonly certificate: X509Certificate
  readonly keys: CryptoKeyPair
}

type AuthorityOptions = {
  readonly name: string
  /** Absent: signed by itself. */
  readonly issuer?: TestAuthority
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Absent: made afresh. */
  readonly keys?: CryptoKeyPair
}

export async function makeTestAuthority(options: AuthorityOptions): Promise<TestAuthority> {
  const keys = options.keys ?? (await makeKeys())
  const { issuer } = options
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: makeSerial(),
    subject: `CN=${options.name}, O=Test`,
    issuer: issuer?.certificate.subject ?? `CN=${options.name}, O=Test`,
    notBefore: options.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: options.notAfter ?? new Date(Date.now() + 400 * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey),
    ],
  })
  return { pem: `${certificate.toString('pem')}\n`, certificate, keys }
}

export type TestLeaf = {
  readonly pem: string
  /** PKCS#8 in PEM. */
  readonly privateKeyPem: string
  /** Hexadecimal. */
  readonly serial: string
}

type LeafOptions = {
  readonly organization?: string
  readonly alternativeNames?: JsonGeneralNames
  readonly notBefore?: Date
}

export async function makeTestLeaf(
  issuer: TestAuthority,
  name: string,
  { organization, alternativeNames, notBefore }: LeafOptions = {},
): Promise<TestLeaf> {
  const keys = await makeKeys()
  const serial = makeSerial()
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject: organization === undefined ? `CN=${name}` : `CN=${name}, O=${organization}`,
    issuer: issuer.certificate.subject,
    notBefore: notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 30 * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ...(alternativeNames === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension(alternativeNames)]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  })
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  if (!(pkcs8 instanceof ArrayBuffer)) throw new Error('PKCS#8 is bytes')
  const privateKeyPem = x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')
  return { pem: certificate.toString('pem'), privateKeyPem, serial }
}

/** A signing request with a key of its own; PEM. */
export async function makeTestRequest(subject: string, dnsName?: string): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subject,
    keys: await makeKeys(),
    signingAlgorithm: ALGORITHM,
    extensions:
      dnsName === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: dnsName }])],
  })
  return request.toString('pem')
}

type ListOptions = {
  /** From 1 to 127. */
  readonly number: number
  readonly thisUpdate?: Date
  /** Null: the list does not say. */
  readonly nextUpdate?: Date | null
  /** Hexadecimal. */
  readonly serials: readonly string[]
}

/** DER. */
export async function makeTestList(
  issuer: TestAuthority,
  options: ListOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { number, serials, thisUpdate = new Date(Date.now() - 60_000) } = options
  const { nextUpdate = new Date(Date.now() + 7 * DAY_MS) } = options
  const crl = await x509.X509CrlGenerator.create({
    issuer: issuer.certificate.subject,
    thisUpdate,
    ...(nextUpdate === null ? {} : { nextUpdate }),
    // Without a reason the library writes an empty list of extensions, which RFC 5280 §5.1 does not allow.
    entries: serials.map((serialNumber) => ({
      serialNumber,
      revocationDate: thisUpdate,
      reason: x509.X509CrlReason.keyCompromise,
    })),
    extensions: [
      // CRLNumber ::= INTEGER, one octet.
      new x509.Extension('2.5.29.20', false, new Uint8Array([2, 1, number])),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
    signingAlgorithm: ALGORITHM,
    signingKey: issuer.keys.privateKey,
  })
  return new Uint8Array(crl.rawData)
}

/** The PEM form of a list. */
export function pemOfList(der: Uint8Array<ArrayBuffer>): string {
  return x509.PemConverter.encode(der.buffer, 'X509 CRL')
}

async function makeKeys(): Promise<CryptoKeyPair> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('an ECDSA key comes as a pair')
  return keys
}

/** Sixteen octets, the first neither 0 nor negative. */
function makeSerial(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16))
  const [, ...rest] = [...octets].map((octet) => octet.toString(16).padStart(2, '0'))
  return ['41', ...rest].join('')
}
