/**
 * Reads one certificate revocation list (RFC 5280 §5.1) without judging who signed it or whether it is still current.
 * The entries stay where they are: they are checked once and counted. Refuses what is not DER, carries an extension twice or a
 * critical one that is not processed, and a version 2 list without a number.
 */
import { err, ok, type Result } from '#engines/result'

import {
  readAlgorithm,
  readExtensionList,
  sameBytes,
  type AlgorithmIdentifier,
  type Extension,
} from '../certificate.ts'
import { derTag, readElement, readSequence, type DerElement } from '../der.ts'
import { readBitString, readIntegerOctets, readSmallInteger, readTime } from '../der-values.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { readName, type DistinguishedName } from '../names.ts'
import { createCursor, step } from './cursor.ts'
import {
  readIssuingDistributionPoint,
  type IssuingDistributionPoint,
} from './distribution-points.ts'
import { decodeCrl } from './encoding.ts'
import { walkEntries } from './entries.ts'
import type { CrlFailure } from './failures.ts'
import { crlLimits } from './limits.ts'

export type Crl = {
  /** What the issuer signed. */
  readonly tbs: Uint8Array
  readonly issuer: DistinguishedName
  /** Seconds since 1970. */
  readonly thisUpdate: number
  /** Null when the issuer does not say when the next one comes. */
  readonly nextUpdate: number | null
  /** Null in version 1, which has no extensions. */
  readonly number: bigint | null
  /** The number of the complete list that this one only completes; null when it is complete itself. */
  readonly baseNumber: bigint | null
  /** keyIdentifier of the authority key identifier, null when absent. */
  readonly authorityKeyIdentifier: Uint8Array | null
  readonly scope: IssuingDistributionPoint | null
  /** The DER of the scope, null when absent: a delta list must have the very same. */
  readonly scopeDer: Uint8Array | null
  /** Content of revokedCertificates, for `walkEntries`. */
  readonly entries: Uint8Array
  readonly entryCount: number
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
}

/** Reads one list in DER or PEM. */
export function readCrl(bytes: Uint8Array): Result<Crl, CrlFailure> {
  const der = decodeCrl(bytes)
  if (!der.ok) return der
  const [tbs, algorithmElement, signatureElement, ...rest] = readLarge(der.value) ?? []
  const signature = readBitString(signatureElement)
  const members = tbs?.tag === derTag.sequence ? readLarge(tbs.der) : null
  if (tbs === undefined || members === null || signature === null || rest.length > 0) {
    return malformed('structure')
  }
  const fields = splitFields(members)
  if (fields === null || signature.unusedBits !== 0) return malformed('structure')
  const signatureAlgorithm = readAlgorithm(algorithmElement)
  // §5.1.1.2: the algorithm inside the signature "MUST contain the same" identifier as outside.
  if (signatureAlgorithm === null || !sameBytes(signatureAlgorithm.der, fields.algorithm.der)) {
    return malformed('algorithm')
  }
  const issuer = readName(fields.issuer.der)
  if (issuer === null || issuer.relativeNames.length === 0) return malformed('issuer')
  const thisUpdate = readTime(fields.thisUpdate)
  const nextUpdate = fields.nextUpdate === null ? null : readTime(fields.nextUpdate)
  if (thisUpdate === null || (fields.nextUpdate !== null && nextUpdate === null)) {
    return malformed('times')
  }
  const facts = readFacts(fields, issuer)
  if (!facts.ok) return facts
  const entries = fields.entries?.content ?? new Uint8Array()
  const counted = countEntries(entries, fields.version, facts.value.scope?.isIndirect === true)
  if (!counted.ok) return counted
  return ok({
    tbs: tbs.der,
    issuer,
    thisUpdate,
    nextUpdate,
    ...facts.value,
    entries,
    entryCount: counted.value,
    signatureAlgorithm,
    signature: signature.octets,
  })
}

/** As readSequence of der.ts, but for what may be larger than a certificate; eight members are the most there are. */
function readLarge(bytes: Uint8Array): readonly DerElement[] | null {
  const cursor = createCursor(bytes)
  if (!step(cursor, 0, bytes.length) || cursor.tag !== derTag.sequence) return null
  const { end } = cursor
  if (end !== bytes.length) return null
  const elements: DerElement[] = []
  for (let at = cursor.start; at < end; at = cursor.end) {
    if (elements.length === 8 || !step(cursor, at, end)) return null
    const content = bytes.subarray(cursor.start, cursor.end)
    elements.push({ tag: cursor.tag, der: bytes.subarray(at, cursor.end), content })
  }
  return elements
}

type Fields = {
  readonly version: 1 | 2
  readonly algorithm: DerElement
  readonly issuer: DerElement
  readonly thisUpdate: DerElement
  readonly nextUpdate: DerElement | null
  readonly entries: DerElement | null
  readonly extensions: DerElement | null
}

/** TBSCertList (§5.1): version, signature, issuer, thisUpdate, nextUpdate?, revokedCertificates?, [0] crlExtensions?. */
function splitFields(members: readonly DerElement[]): Fields | null {
  const hasVersion = members[0]?.tag === derTag.integer
  // §5.1.2.1: the version, when it is there, is 2, which is written as 1.
  if (hasVersion && readSmallInteger(members[0]) !== 1) return null
  const [algorithm, issuer, thisUpdate, ...optional] = hasVersion ? members.slice(1) : members
  if (!algorithm || !issuer || !thisUpdate) return null
  const places = optional.map(({ tag }) => optionalPlaces.get(tag) ?? 0)
  if (!places.every((place, index) => place > (places[index - 1] ?? 0))) return null
  const at = (place: number): DerElement | null => optional[places.indexOf(place)] ?? null
  const version = hasVersion ? 2 : 1
  // §5.1.2.1: extensions make it version 2.
  if (at(3) !== null && version === 1) return null
  return {
    version,
    algorithm,
    issuer,
    thisUpdate,
    nextUpdate: at(1),
    entries: at(2),
    extensions: at(3),
  }
}

const optionalPlaces: ReadonlyMap<number, number> = new Map([
  [derTag.utcTime, 1],
  [derTag.generalizedTime, 1],
  [derTag.sequence, 2],
  [0xa0, 3],
])

type Facts = Pick<Crl, 'number' | 'baseNumber' | 'authorityKeyIdentifier' | 'scope' | 'scopeDer'>

const oids = {
  crlNumber: '2.5.29.20',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  authorityKeyIdentifier: '2.5.29.35',
} as const

const processed: ReadonlySet<string> = new Set(Object.values(oids))

function readFacts(
  { version, extensions }: Fields,
  issuer: DistinguishedName,
): Result<Facts, CrlFailure> {
  const list = extensions === null ? [] : readExtensionList(extensions.content)
  if (list === null) return malformed('extensions')
  const unknown = list.find(({ oid, critical }) => critical && !processed.has(oid))
  if (unknown !== undefined) return err({ reason: 'unknown_critical_extension', oid: unknown.oid })
  const extension = (oid: string): Extension | null => list.find((each) => each.oid === oid) ?? null
  const numberExtension = extension(oids.crlNumber)
  const number = readOptional(numberExtension, readNumber)
  const baseNumber = readOptional(extension(oids.deltaCrlIndicator), readNumber)
  // §5.2.3: "a non-critical CRL extension".
  if (number === undefined || baseNumber === undefined || numberExtension?.critical === true) {
    return malformed('number')
  }
  if (version === 2 && number === null) return err({ reason: 'crl_number_missing' })
  const scopeExtension = extension(oids.issuingDistributionPoint)
  const scope = readOptional(scopeExtension, (value) => readIssuingDistributionPoint(value, issuer))
  if (scope === undefined) return malformed('issuing distribution point')
  const key = readOptional(extension(oids.authorityKeyIdentifier), readKeyIdentifier)
  if (key === undefined) return malformed('authority key identifier')
  const scopeDer = scopeExtension?.value ?? null
  return ok({
    number,
    baseNumber,
    authorityKeyIdentifier: key?.identifier ?? null,
    scope,
    scopeDer,
  })
}

/** Absent is null; present and not well formed is undefined. */
function readOptional<T>(
  extension: Extension | null,
  read: (value: Uint8Array) => T | null,
): T | null | undefined {
  return extension === null ? null : (read(extension.value) ?? undefined)
}

/** CRLNumber ::= INTEGER (0..MAX). */
function readNumber(value: Uint8Array): bigint | null {
  const octets = readIntegerOctets(readElement(value) ?? undefined)
  if (octets === null || octets.length > crlLimits.numberOctetsMax) return null
  return (octets[0] ?? 0) >= 0x80 ? null : BigInt(`0x${bytesToHex(octets)}`)
}

/** AuthorityKeyIdentifier, of which only [0] keyIdentifier says which key signed. */
function readKeyIdentifier(value: Uint8Array): { readonly identifier: Uint8Array | null } | null {
  const parts = readSequence(value)
  if (parts === null) return null
  return { identifier: parts.find(({ tag }) => tag === 0x80)?.content ?? null }
}

/** §5.3: extensions of entries are of version 2; §5.3.3: certificateIssuer is of indirect lists. */
function countEntries(
  entries: Uint8Array,
  version: 1 | 2,
  isIndirect: boolean,
): Result<number, CrlFailure> {
  let namesIssuer = false
  const counted = walkEntries(entries, (entry) => {
    namesIssuer ||= entry.issuerEnd > 0
  })
  if (!counted.ok) return counted
  return namesIssuer && (!isIndirect || version === 1) ? malformed('entries') : counted
}

function malformed(detail: string): Result<never, CrlFailure> {
  return err({ reason: 'malformed', detail })
}
