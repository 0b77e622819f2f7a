/** Builds certificates that no well-behaved issuer would, for the tests of this folder. */
import {
  readAuthorityBundle,
  verifyClientCertificate,
  type Verdict,
  type VerifyInput,
} from '#engines/certificates'

import { encodeElement } from '../../../engines/certificates/der.ts'
import { generateSigningKeys, signCertificate } from '../../../engines/certificates/sign.ts'
import { encodePem } from '../../../engines/certificates/pem.ts'
import { loadX509 } from '../../../engines/certificates/x509.ts'

import { nowMs } from './support.ts'

type Keys = Awaited<ReturnType<typeof generateSigningKeys>>

export type ExtraExtension = {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array<ArrayBuffer>
}

/** What of a certificate is not the ordinary. */
export type Wishes = {
  /** Absent: signed by itself. */
  readonly issuer?: Made
  /** A common name, or attributes as @peculiar/x509 takes them. Default: a fresh name. */
  readonly subject?: string | readonly Readonly<Record<string, readonly string[]>>[]
  /** The issuer's name as the certificate writes it. Default: as it is. */
  readonly issuerName?: Uint8Array<ArrayBuffer>
  /** Default true. */
  readonly ca?: boolean
  readonly pathLength?: number
  readonly keys?: Keys
  /** Default 1. */
  readonly serial?: Uint8Array
  /** Default: an hour from `nowMs`. */
  readonly notAfterMs?: number
  readonly extensions?: readonly ExtraExtension[]
  /** Key identifiers to leave out. */
  readonly without?: readonly ('authority' | 'subject')[]
}

export type Made = {
  readonly der: Uint8Array
  readonly pem: string
  readonly name: Uint8Array<ArrayBuffer>
  readonly keys: Keys
}

let made = 0

/** Signs one certificate, an authority unless asked otherwise. */
export async function make(wishes: Wishes = {}): Promise<Made> {
  const x509 = await loadX509()
  const keys = wishes.keys ?? (await generateSigningKeys())
  made += 1
  const subject = wishes.subject ?? `name ${made}`
  const attributes = typeof subject === 'string' ? [{ CN: [subject] }] : subject
  const name = new Uint8Array(
    new x509.Name(
      attributes.map((one) => Object.fromEntries(Object.entries(one).map(([k, v]) => [k, [...v]]))),
    ).toArrayBuffer(),
  )
  const issuer = wishes.issuer ?? { name, keys }
  const without = wishes.without ?? []
  const ca = wishes.ca ?? true
  const { der } = await signCertificate(
    x509,
    {
      subjectDer: name,
      issuerDer: wishes.issuerName ?? issuer.name,
      publicKeyDer: keys.publicKeyDer,
      serial: wishes.serial ?? new Uint8Array([1]),
      notBefore: nowMs / 1000,
      notAfter: (wishes.notAfterMs ?? nowMs + 3_600_000) / 1000,
      extensions: [
        ...(ca ? [new x509.BasicConstraintsExtension(true, wishes.pathLength, true)] : []),
        ...(without.includes('subject')
          ? []
          : [
              await x509.SubjectKeyIdentifierExtension.create(
                new x509.PublicKey(keys.publicKeyDer),
                false,
                crypto,
              ),
            ]),
        ...(without.includes('authority')
          ? []
          : [
              await x509.AuthorityKeyIdentifierExtension.create(
                new x509.PublicKey(issuer.keys.publicKeyDer),
                false,
                crypto,
              ),
            ]),
        ...(wishes.extensions ?? []).map(
          (extra) => new x509.Extension(extra.oid, extra.critical, extra.value),
        ),
      ],
    },
    issuer.keys.privateKey,
  )
  return { der, pem: encodePem('CERTIFICATE', der), name, keys }
}

/** Verifies `leaf` under these anchors, each a bundle of its own. */
export async function verify(
  leaf: Made,
  anchors: readonly Made[],
  rest: Partial<VerifyInput> = {},
): Promise<Verdict> {
  return verifyClientCertificate({
    leafDer: leaf.der,
    chainDer: [],
    authorities: anchors.map(({ pem }, index) => bundle(pem, `authority-${index}`)),
    nowMs,
    ...rest,
  })
}

export function bundle(pem: string, id = 'bundle', allowSha1 = false) {
  const read = readAuthorityBundle(id, pem, { allowSha1 })
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value
}

/** The reason of a refusal, null for a verified certificate. */
export function reasonOf(verdict: Verdict): string | null {
  return verdict.verified ? null : verdict.failure.reason
}

/** One DER element. */
export function tlv(
  tag: number,
  ...contents: readonly ArrayLike<number>[]
): Uint8Array<ArrayBuffer> {
  return encodeElement(tag, new Uint8Array(contents.flatMap((content) => Array.from(content))))
}

export function sequence(...contents: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  return tlv(0x30, ...contents)
}

export function text(tag: number, value: string): Uint8Array<ArrayBuffer> {
  return tlv(tag, new TextEncoder().encode(value))
}

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tlv(0x06, [first * 40 + second, ...rest.flatMap(base128)])
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
  return digits
}

/** A GeneralName from a form and a text: `dns:a`, `email:a`, `uri:a`, `ip:192.0.2.0/24`, `dir:a,b`, `other:`. */
export function generalName(name: string): Uint8Array<ArrayBuffer> {
  const value = name.slice(name.indexOf(':') + 1)
  if (name.startsWith('ip:')) return tlv(0x87, ...value.split('/').map(addressOctets))
  if (name.startsWith('dir:')) return tlv(0xa4, directoryName(value.split(',').filter(Boolean)))
  if (name.startsWith('other:')) return tlv(0xa0, oid('2.5.1.1'), tlv(0xa0, tlv(0x05)))
  return text({ email: 0x81, dns: 0x82, uri: 0x86 }[name.split(':')[0] ?? ''] ?? 0x88, value)
}

/** An address, a mask in the same form, or the length of an IPv4 or IPv6 prefix that is used here. */
function addressOctets(address: string): readonly number[] {
  if (address === '24') return [255, 255, 255, 0]
  if (address === '128') return Array.from({ length: 16 }, () => 255)
  return address === '::1'
    ? Array.from({ length: 16 }, (_, at) => (at === 15 ? 1 : 0))
    : address.split('.').map(Number)
}

/** Common names only, outermost first. */
function directoryName(commonNames: readonly string[]): Uint8Array {
  return sequence(...commonNames.map((one) => tlv(0x31, sequence(oid('2.5.4.3'), text(0x0c, one)))))
}
