/**
 * What is kept of a client certificate once its path was verified: what policies ask of it, what revocation lists are asked
 * about it at every request, and the chain that the origin is told. The certificates themselves are not kept.
 */
import { formatRfc9440Chain, type VerifiedCertificate } from '#engines/client-certificate'

import type { Certificate } from './certificate.ts'
import { readSequence } from './der.ts'
import { extensionOid } from './extensions.ts'
import { attributeText, type DistinguishedName } from './names.ts'
import { spkiSha256 } from './spki-digest.ts'

type VerifiedPath = {
  readonly certificate: VerifiedCertificate
  /** The certificates of the path without its trust anchor, leaf first, as revocation lists name them. */
  readonly links: readonly PathLink[]
}

/** A certificate by who signed it and its number. */
export type PathLink = {
  /** SHA-256 of the issuer's SubjectPublicKeyInfo, lower-case hex. */
  readonly issuerSpkiSha256: string
  /** Content octets of the serial number's INTEGER. */
  readonly serial: Uint8Array
}

type DescribeVerifiedInput = {
  readonly authorityId: string
  /** Leaf first, trust anchor last, as a verdict has it. */
  readonly path: readonly Certificate[]
}

/** Describes the leaf of a verified path. Throws for a path without issuer, which no verdict has. */
export async function describeVerified({
  authorityId,
  path,
}: DescribeVerifiedInput): Promise<VerifiedPath> {
  const [leaf, ...issuers] = path
  if (leaf === undefined || issuers.length === 0) throw new Error('a verified path has an issuer')
  const [ownKey = '', ...issuerKeys] = await Promise.all(path.map(spkiSha256))
  const certificate = {
    authorityId,
    spkiSha256: ownKey,
    issuerSpkiSha256: issuerKeys[0] ?? '',
    commonName: onlyAttribute(leaf.subject, '2.5.4.3'),
    organization: onlyAttribute(leaf.subject, '2.5.4.10'),
    alternativeNames: readNames(leaf),
    notBefore: leaf.notBefore,
    notAfter: leaf.notAfter,
    chainRfc9440: formatRfc9440Chain(issuers.slice(0, -1).map(({ der }) => der)) ?? '',
  }
  const links = issuerKeys.map((issuerSpkiSha256, index) => ({
    issuerSpkiSha256,
    // A copy: the octets would keep all of the certificate alive.
    serial: (path[index] ?? leaf).serial.slice(),
  }))
  return { certificate, links }
}

/** The text of the one attribute of this type; null when there is none, or several. */
function onlyAttribute({ relativeNames }: DistinguishedName, oid: string): string | null {
  const [attribute, ...more] = relativeNames.flat().filter((candidate) => candidate.oid === oid)
  return attribute === undefined || more.length > 0 ? null : attributeText(attribute)
}

/** Null when one of the names is not plain text, or there are more than one element may have. */
function readNames({ extensions }: Certificate): VerifiedCertificate['alternativeNames'] {
  const extension = extensions.find(({ oid }) => oid === extensionOid.subjectAlternativeName)
  if (extension === undefined) return { dns: [], email: [], uri: [] }
  const elements = readSequence(extension.value)
  if (elements === null) return null
  const named = (tag: number): readonly (string | null)[] =>
    elements.filter((element) => element.tag === tag).map(({ content }) => asciiText(content))
  const email = named(GENERAL_NAME.email)
  const dns = named(GENERAL_NAME.dns)
  const uri = named(GENERAL_NAME.uri)
  if (!isText(email) || !isText(dns) || !isText(uri)) return null
  return { email, uri, dns: dns.map((name) => name.toLowerCase()) }
}

/** Context tags of GeneralName (RFC 5280 §4.2.1.6). */
const GENERAL_NAME = { email: 0x81, dns: 0x82, uri: 0x86 } as const

/** IA5String without control characters: what looks the same to every reader. */
function asciiText(content: Uint8Array): string | null {
  const isPrintable = content.every((octet) => octet > 0x20 && octet < 0x7f)
  return isPrintable ? new TextDecoder().decode(content) : null
}

function isText(names: readonly (string | null)[]): names is readonly string[] {
  return names.every((name) => name !== null)
}
