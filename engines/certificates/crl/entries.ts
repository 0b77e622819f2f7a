/**
 * Walks over the revoked certificates of a list (RFC 5280 §5.1.2.6) in one pass, making nothing for an entry: the caller's
 * function sees each through one view that changes under it. Refuses an entry that is not DER, and one with a critical
 * extension that is not processed, because then the list must not be used (§5.3).
 */
import { err, ok, type Result } from '#engines/result'

import { derTag } from '../der.ts'
import { readObjectIdentifier } from '../der-values.ts'
import { createCursor, isTag, step, type Cursor } from './cursor.ts'
import type { CrlFailure } from './failures.ts'
import { crlLimits } from './limits.ts'

/** Offsets into the list's entries. Valid only during the call that hands it out. */
export type EntryView = {
  serialStart: number
  serialEnd: number
  /** CRLReason; 0 (unspecified) when the entry does not say. */
  reason: number
  /** The GeneralNames of certificateIssuer; both 0 when this entry has none. */
  issuerStart: number
  issuerEnd: number
}

/** CRLReason (§5.3.1) values that change what an entry means. */
export const crlReason = { removeFromCrl: 8 } as const

/** Shows every entry in `entries` (the content of revokedCertificates), and counts them. */
export function walkEntries(
  entries: Uint8Array,
  visit: (entry: EntryView) => void,
): Result<number, CrlFailure> {
  const cursor = createCursor(entries)
  const view = { serialStart: 0, serialEnd: 0, reason: 0, issuerStart: 0, issuerEnd: 0 }
  const { entriesMax } = crlLimits
  let count = 0
  for (let at = 0; at < entries.length; count++) {
    if (count === entriesMax) return err({ reason: 'too_many_entries', entriesMax })
    if (!step(cursor, at, entries.length) || !isTag(cursor, derTag.sequence)) return err(malformed)
    at = cursor.end
    const failure = readEntry(cursor, view)
    if (failure !== null) return err(failure)
    visit(view)
  }
  return ok(count)
}

const malformed: CrlFailure = { reason: 'malformed', detail: 'entries' }

/** SEQUENCE { userCertificate INTEGER, revocationDate Time, crlEntryExtensions Extensions OPTIONAL }. */
function readEntry(cursor: Cursor, view: EntryView): CrlFailure | null {
  const { end } = cursor
  if (!step(cursor, cursor.start, end) || !isInteger(cursor)) return malformed
  view.serialStart = cursor.start
  view.serialEnd = cursor.end
  view.reason = 0
  view.issuerStart = 0
  view.issuerEnd = 0
  const octetsMax = crlLimits.serialOctetsMax
  if (cursor.end - cursor.start > octetsMax) return { reason: 'serial_too_long', octetsMax }
  if (!step(cursor, cursor.end, end) || !isTime(cursor)) return malformed
  if (cursor.end === end) return null
  if (!step(cursor, cursor.end, end) || !isTag(cursor, derTag.sequence)) return malformed
  return cursor.end === end ? readExtensions(cursor, view) : malformed
}

/** X.690 §8.3.2: the first nine bits are neither all zero nor all one. */
function isInteger({ bytes, tag, start, end }: Cursor): boolean {
  if (tag !== derTag.integer || end === start) return false
  if (end - start === 1) return true
  const first = bytes[start] ?? 0
  const second = bytes[start + 1] ?? 0
  return !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
}

/** Only the form: when a certificate was revoked decides nothing here. */
function isTime({ bytes, tag, start, end }: Cursor): boolean {
  const digits = tag === derTag.utcTime ? 12 : tag === derTag.generalizedTime ? 14 : 0
  if (digits === 0 || end - start !== digits + 1 || bytes[end - 1] !== 0x5a) return false
  for (let at = start; at < end - 1; at++) {
    const octet = bytes[at] ?? 0
    if (octet < 0x30 || octet > 0x39) return false
  }
  return true
}

function readExtensions(cursor: Cursor, view: EntryView): CrlFailure | null {
  const { end } = cursor
  if (cursor.start === end) return malformed
  for (let at = cursor.start; at < end;) {
    if (!step(cursor, at, end) || !isTag(cursor, derTag.sequence)) return malformed
    at = cursor.end
    const failure = readExtension(cursor, view)
    if (failure !== null) return failure
  }
  return null
}

/** SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }. */
function readExtension(cursor: Cursor, view: EntryView): CrlFailure | null {
  const { bytes, end } = cursor
  if (!step(cursor, cursor.start, end) || !isTag(cursor, derTag.objectIdentifier)) return malformed
  const idStart = cursor.start
  const idEnd = cursor.end
  if (!step(cursor, idEnd, end)) return malformed
  let isCritical = false
  if (isTag(cursor, derTag.boolean)) {
    const flag = bytes[cursor.start]
    if (cursor.end - cursor.start !== 1 || (flag !== 0 && flag !== 0xff)) return malformed
    isCritical = flag === 0xff
    if (!step(cursor, cursor.end, end)) return malformed
  }
  if (!isTag(cursor, derTag.octetString) || cursor.end !== end) return malformed
  const kind = entryExtensionAt(bytes, idStart, idEnd)
  if (kind === REASON_CODE) return readReason(cursor, view)
  if (kind === CERTIFICATE_ISSUER) return readIssuer(cursor, view)
  if (!isCritical) return null
  const content = bytes.subarray(idStart, idEnd)
  const oid = readObjectIdentifier({ tag: derTag.objectIdentifier, der: content, content })
  return oid === null ? malformed : { reason: 'unknown_critical_entry_extension', oid }
}

/** Last octet of `id-ce` (2.5.29, encoded 55 1d) extensions of entries. */
const REASON_CODE = 21
const CERTIFICATE_ISSUER = 29

function entryExtensionAt(bytes: Uint8Array, start: number, end: number): number | null {
  const isCertificateExtension =
    end - start === 3 && bytes[start] === 0x55 && bytes[start + 1] === 0x1d
  return isCertificateExtension ? (bytes[start + 2] ?? null) : null
}

/** CRLReason ::= ENUMERATED; a value that nobody has defined still revokes. */
function readReason(cursor: Cursor, view: EntryView): CrlFailure | null {
  const { end } = cursor
  const isOne = step(cursor, cursor.start, end) && cursor.end === end
  if (!isOne || !isTag(cursor, ENUMERATED) || cursor.end - cursor.start !== 1) return malformed
  view.reason = cursor.bytes[cursor.start] ?? 0
  return null
}

const ENUMERATED = 0x0a

function readIssuer(cursor: Cursor, view: EntryView): CrlFailure | null {
  const { start, end } = cursor
  const isOne = step(cursor, start, end) && cursor.end === end
  if (!isOne || !isTag(cursor, derTag.sequence) || cursor.start === end) return malformed
  view.issuerStart = start
  view.issuerEnd = end
  return null
}
