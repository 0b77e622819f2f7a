/**
 * Requests in JSON: one object, or a list of them (a batch). Members may stand in any order; one of ours that is there twice
 * is refused, because servers differ in which of them counts.
 */
import { QUOTE } from './characters.ts'
import { readDocument } from './document.ts'
import {
  byteAt,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  isJsonText,
  OPEN_LIST,
  OPEN_OBJECT,
  readColon,
  readJsonString,
  readJsonValue,
  skipJsonSpace,
} from './json.ts'
import { fail, type Scan } from './scan.ts'

/** Where the parts of one request are; -1 for what is not there. Texts go from after their opening quote. */
export type Envelope = {
  /** Where the document starts and ends. */
  document: number
  documentEnd: number
  operationName: number
  hash: number
  hashEnd: number
  variables: number
  variablesEnd: number
  /** A bit for each of our members that was there. */
  seen: number
}

export function createEnvelope(): Envelope {
  return {
    document: -1,
    documentEnd: -1,
    operationName: -1,
    hash: -1,
    hashEnd: -1,
    variables: -1,
    variablesEnd: -1,
    seen: 0,
  }
}

/** Forgets the request before. */
export function clearEnvelope(envelope: Envelope): void {
  envelope.document = -1
  envelope.documentEnd = -1
  envelope.operationName = -1
  envelope.hash = -1
  envelope.hashEnd = -1
  envelope.variables = -1
  envelope.variablesEnd = -1
  envelope.seen = 0
}

/**
 * Reads the whole body. `onRequest` is called after each request, with its document's definitions still in the scan. Answers
 * the number of requests, -1 for failure.
 */
export function readEnvelopes(scan: Scan, envelope: Envelope, onRequest: () => void): number {
  const start = skipJsonSpace(scan, skipByteOrderMark(scan))
  const isBatch = byteAt(scan, start) === OPEN_LIST
  let at = isBatch ? skipJsonSpace(scan, start + 1) : start
  let count = 0
  if (isBatch && byteAt(scan, at) === CLOSE_LIST) return fail(scan, at, 'batch_empty')
  for (;;) {
    if (count === scan.limits.batchMax) return fail(scan, at, 'batch_too_large')
    at = readEnvelope(scan, envelope, at)
    if (at < 0) return -1
    count += 1
    onRequest()
    at = skipJsonSpace(scan, at)
    if (!isBatch) break
    if (byteAt(scan, at) === CLOSE_LIST) {
      at = skipJsonSpace(scan, at + 1)
      break
    }
    if (byteAt(scan, at) !== COMMA) return fail(scan, at, 'invalid_json')
    at = skipJsonSpace(scan, at + 1)
  }
  return at === scan.end ? count : fail(scan, at, 'invalid_json')
}

/** RFC 8259 §8.1 lets parsers ignore one. */
function skipByteOrderMark({ bytes }: Scan): number {
  return bytes.length > 2 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

type Reader = (scan: Scan, envelope: Envelope, from: number) => number

type Member = { readonly name: string; readonly bit: number; readonly read: Reader }

const REQUEST: readonly Member[] = [
  { name: 'query', bit: 1, read: readQuery },
  { name: 'variables', bit: 2, read: readVariables },
  { name: 'operationName', bit: 4, read: readOperationName },
  { name: 'extensions', bit: 8, read: readExtensions },
]
const EXTENSIONS: readonly Member[] = [{ name: 'persistedQuery', bit: 16, read: readPersisted }]
const PERSISTED: readonly Member[] = [{ name: 'sha256Hash', bit: 32, read: readHash }]

function readEnvelope(scan: Scan, envelope: Envelope, from: number): number {
  clearEnvelope(envelope)
  if (byteAt(scan, from) !== OPEN_OBJECT) {
    return readJsonValue(scan, from) < 0 ? -1 : fail(scan, from, 'request_not_object')
  }
  const end = readMembers(scan, { envelope, members: REQUEST }, from)
  if (end < 0) return -1
  const hasSomething = envelope.document >= 0 || envelope.hash >= 0
  return hasSomething ? end : fail(scan, from, 'query_missing')
}

/** What an object may have that is ours. */
type Shape = { readonly envelope: Envelope; readonly members: readonly Member[] }

/** An object from its opening brace to after its closing one. */
function readMembers(scan: Scan, { envelope, members }: Shape, from: number): number {
  let at = skipJsonSpace(scan, from + 1)
  if (byteAt(scan, at) === CLOSE_OBJECT) return at + 1
  for (;;) {
    if (byteAt(scan, at) !== QUOTE) return fail(scan, at, 'invalid_json')
    const name = at + 1
    const nameEnd = readJsonString(scan, name)
    if (nameEnd < 0) return -1
    at = readColon(scan, nameEnd)
    if (at < 0) return -1
    const member = memberAt(scan, members, name)
    if (member === undefined) {
      if (--scan.stepsLeft < 0) return fail(scan, name, 'too_many_steps')
      at = readJsonValue(scan, at)
    } else {
      if ((envelope.seen & member.bit) !== 0) return fail(scan, name, 'duplicate_member')
      envelope.seen |= member.bit
      at = member.read(scan, envelope, at)
    }
    if (at < 0) return -1
    at = skipJsonSpace(scan, at)
    if (byteAt(scan, at) === CLOSE_OBJECT) return at + 1
    if (byteAt(scan, at) !== COMMA) return fail(scan, at, 'invalid_json')
    at = skipJsonSpace(scan, at + 1)
  }
}

function memberAt(scan: Scan, members: readonly Member[], name: number): Member | undefined {
  for (const member of members) if (isJsonText(scan, name, member.name)) return member
  return undefined
}

/** `null` is as good as absent: the document is a registered one. */
function readQuery(scan: Scan, envelope: Envelope, from: number): number {
  const first = byteAt(scan, from)
  if (first !== QUOTE) {
    const end = readJsonValue(scan, from)
    return end < 0 || first === 0x6e ? end : fail(scan, from, 'query_not_text')
  }
  const end = readDocument(scan, from + 1)
  if (end < 0) return -1
  if (byteAt(scan, end) !== QUOTE) return fail(scan, end, 'invalid_json')
  envelope.document = from + 1
  envelope.documentEnd = end
  return end + 1
}

function readVariables(scan: Scan, envelope: Envelope, from: number): number {
  const end = readJsonValue(scan, from)
  if (end < 0) return -1
  scan.variablesBytesLeft -= end - from
  if (scan.variablesBytesLeft < 0) return fail(scan, from, 'variables_too_large')
  envelope.variables = from
  envelope.variablesEnd = end
  return end
}

/** What is no text names no operation. */
function readOperationName(scan: Scan, envelope: Envelope, from: number): number {
  if (byteAt(scan, from) === QUOTE) envelope.operationName = from + 1
  return readJsonValue(scan, from)
}

/** Apollo's automatic persisted queries: `{"persistedQuery": {"version": 1, "sha256Hash": "…"}}`. */
function readExtensions(scan: Scan, envelope: Envelope, from: number): number {
  return readInner(scan, { envelope, members: EXTENSIONS }, from)
}

function readPersisted(scan: Scan, envelope: Envelope, from: number): number {
  return readInner(scan, { envelope, members: PERSISTED }, from)
}

function readInner(scan: Scan, object: Shape, from: number): number {
  return byteAt(scan, from) === OPEN_OBJECT
    ? readMembers(scan, object, from)
    : readJsonValue(scan, from)
}

function readHash(scan: Scan, envelope: Envelope, from: number): number {
  const end = readJsonValue(scan, from)
  if (end < 0 || byteAt(scan, from) !== QUOTE) return end
  envelope.hash = from + 1
  envelope.hashEnd = end - 1
  return end
}

/** The hash as text, in lower case. */
export function hashText(scan: Scan, { hash, hashEnd }: Envelope): string {
  return new TextDecoder().decode(scan.bytes.subarray(hash, hashEnd)).toLowerCase()
}
