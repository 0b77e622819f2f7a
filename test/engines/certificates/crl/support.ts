/** Certificates and revocation lists made to measure, for the tests of this folder and of revocation. */
import { readCertificate, type Certificate } from '../../../../engines/certificates/certificate.ts'
import { readCrl, type Crl } from '../../../../engines/certificates/crl/list.ts'
import { nowMs } from '../support.ts'

export const nowSeconds = nowMs / 1000

export type Bytes = Uint8Array<ArrayBuffer>

/** One DER element; content is octets or further elements. */
export function der(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const length = content.reduce((sum, part) => sum + part.length, 0)
  const head = [tag, ...lengthOctets(length)]
  const element = new Uint8Array(head.length + length)
  element.set(head)
  let at = head.length
  for (const part of content) {
    element.set(part, at)
    at += part.length
  }
  return element
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const digits: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return [0x80 | digits.length, ...digits]
}

export function octets(...values: readonly number[]): Bytes {
  return Uint8Array.from(values)
}

export function integer(...values: readonly number[]): Bytes {
  return der(0x02, octets(...values))
}

/** `id-ce-…` (2.5.29) by its last arc. */
export function extension(arc: number, value: Uint8Array, critical = false): Bytes {
  const flag = critical ? [der(0x01, octets(0xff))] : []
  return der(0x30, der(0x06, octets(0x55, 0x1d, arc)), ...flag, der(0x04, value))
}

export function name(...commonNames: readonly string[]): Bytes {
  const text = (value: string): Bytes => der(0x0c, new TextEncoder().encode(value))
  const commonName = der(0x06, octets(0x55, 0x04, 0x03))
  return der(0x30, ...commonNames.map((each) => der(0x31, der(0x30, commonName, text(each)))))
}

/** GeneralNames with one directory name, under the tag that the place asks for. */
export function directoryNames(tag: number, ...commonNames: readonly string[]): Bytes {
  return der(tag, der(0xa4, name(...commonNames)))
}

function time(seconds: number): Bytes {
  const text = new Date(seconds * 1000).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  // RFC 5280 §4.1.2.5: UTCTime until 2049.
  return der(0x17, new TextEncoder().encode(text.slice(2)))
}

export type Party = {
  readonly name: string
  readonly keys: CryptoKeyPair
  readonly certificate: Certificate
}

export type MakeParty = {
  readonly name: string
  /** Null for one that signs itself. */
  readonly issuer: Party | null
  readonly serial?: number
  /** Whether it is an authority. */
  readonly ca?: boolean
  /** KeyUsage octet; default keyCertSign and cRLSign for authorities, digitalSignature for others. */
  readonly usage?: number | null
  readonly extensions?: readonly Uint8Array[]
}

const algorithm = der(0x30, der(0x06, octets(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)))
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A certificate with ECDSA P-256 keys, valid a year to both sides of the tests' now. */
export async function makeParty(wanted: MakeParty): Promise<Party> {
  const keys = await makeKeys()
  const { issuer, serial = 1, ca = false } = wanted
  const usage = wanted.usage === undefined ? (ca ? 0x06 : 0x80) : wanted.usage
  const spki = await exportOctets('spki', keys.publicKey)
  const ownKey = await keyIdentifier(keys)
  const tbs = der(
    0x30,
    der(0xa0, integer(2)),
    integer(serial),
    algorithm,
    name(issuer?.name ?? wanted.name),
    der(0x30, time(nowSeconds - year), time(nowSeconds + year)),
    name(wanted.name),
    spki,
    der(
      0xa3,
      der(
        0x30,
        ...(ca ? [extension(19, der(0x30, der(0x01, octets(0xff))), true)] : []),
        ...(usage === null ? [] : [extension(15, der(0x03, octets(0, usage)), true)]),
        extension(14, der(0x04, ownKey)),
        await authorityKey(issuer?.keys ?? keys),
        ...(wanted.extensions ?? []),
      ),
    ),
  )
  const read = readCertificate(await signed(tbs, (issuer?.keys ?? keys).privateKey))
  if (!read.ok) throw new Error(`${wanted.name}: ${JSON.stringify(read.error)}`)
  return { name: wanted.name, keys, certificate: read.value }
}

const year = 365 * 86_400

export type MakeCrl = {
  readonly signer: Party
  /** Elements of revokedCertificates; `entry` makes them. */
  readonly entries?: readonly Uint8Array[]
  readonly number?: number | null
  readonly version?: 1 | 2
  readonly thisUpdate?: number
  /** Null leaves it out. */
  readonly nextUpdate?: number | null
  readonly extensions?: readonly Uint8Array[]
  /** Whether it says which key has signed it. Default true. */
  readonly namesKey?: boolean
}

/** The DER of a list. */
export async function makeCrl(wanted: MakeCrl): Promise<Bytes> {
  const { signer, entries = [], number = 1, version = 2, namesKey = true } = wanted
  const { thisUpdate = nowSeconds - 3600, nextUpdate = nowSeconds + 3600 } = wanted
  const extensions = [
    ...(namesKey && version === 2 ? [await authorityKey(signer.keys)] : []),
    ...(number === null ? [] : [extension(20, integer(number))]),
    ...(wanted.extensions ?? []),
  ]
  const tbs = der(
    0x30,
    ...(version === 2 ? [integer(1)] : []),
    algorithm,
    name(signer.name),
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [der(0x30, ...entries)]),
    ...(extensions.length === 0 ? [] : [der(0xa0, der(0x30, ...extensions))]),
  )
  return signed(tbs, signer.keys.privateKey)
}

/** A list that must be readable. */
export async function readMade(wanted: MakeCrl): Promise<Crl> {
  const crl = readCrl(await makeCrl(wanted))
  if (!crl.ok) throw new Error(JSON.stringify(crl.error))
  return crl.value
}

/** One revoked certificate. */
export function entry(serial: Uint8Array | number, ...extensions: readonly Uint8Array[]): Bytes {
  const content = typeof serial === 'number' ? octets(serial) : serial
  const more = extensions.length === 0 ? [] : [der(0x30, ...extensions)]
  return der(0x30, der(0x02, content), time(nowSeconds - 86_400), ...more)
}

/** The extension of a list that says what it speaks of. */
export function scope(...parts: readonly Uint8Array[]): readonly Bytes[] {
  return [extension(28, der(0x30, ...parts), true)]
}

/** The extension of a certificate that says where its status is found. */
export function points(...list: readonly Uint8Array[]): readonly Bytes[] {
  return [extension(31, der(0x30, ...list))]
}

export function reason(code: number): Bytes {
  return extension(21, der(0x0a, octets(code)))
}

async function signed(tbs: Bytes, key: CryptoKey): Promise<Bytes> {
  const raw = new Uint8Array(await crypto.subtle.sign(ecdsa, key, tbs))
  const half = (part: Bytes): Bytes => {
    const first = part.findIndex((octet) => octet !== 0)
    const short = part.subarray(first)
    return der(0x02, (short[0] ?? 0) >= 0x80 ? octets(0, ...short) : short)
  }
  const signature = der(0x30, half(raw.slice(0, 32)), half(raw.slice(32)))
  return der(0x30, tbs, algorithm, der(0x03, octets(0), signature))
}

async function authorityKey(keys: CryptoKeyPair): Promise<Bytes> {
  return extension(35, der(0x30, der(0x80, await keyIdentifier(keys))))
}

async function keyIdentifier({ publicKey }: CryptoKeyPair): Promise<Bytes> {
  const raw = await exportOctets('raw', publicKey)
  return new Uint8Array(await crypto.subtle.digest('SHA-1', raw))
}

async function makeKeys(): Promise<CryptoKeyPair> {
  const keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('ECDSA makes pairs')
  return keys
}

async function exportOctets(format: 'spki' | 'raw', key: CryptoKey): Promise<Bytes> {
  const exported = await crypto.subtle.exportKey(format, key)
  if (!(exported instanceof ArrayBuffer)) throw new Error('only JWK is no octets')
  return new Uint8Array(exported)
}
