/**
 * The one mutable thing of this engine: where a pass over a request stands. It is made once and used for every request, so
 * that nothing is allocated per token. A function that reads takes the position to read from and answers the position after
 * what it read, or -1 when it could not; then `reason` and `offset` say why and where.
 */
import { createDefinitions, type Definitions } from './definitions.ts'
import type { GraphqlLimits } from './limits.ts'
import type { GraphqlReason } from './reasons.ts'

export type Scan = {
  readonly limits: GraphqlLimits
  bytes: Uint8Array
  /** How many bytes there are, white space at the end of a raw document left out. */
  end: number
  /** The document is inside a JSON string: a quote ends it and a backslash escapes. */
  isJson: boolean
  reason: GraphqlReason | null
  /** Byte of the body. */
  offset: number
  /** What `readUnit` read last. */
  unit: number

  // What is left of the budgets.
  tokensLeft: number
  fieldsLeft: number
  aliasesLeft: number
  directivesLeft: number
  argumentsLeft: number
  operationsLeft: number
  fragmentsLeft: number
  spreadsLeft: number
  stepsLeft: number
  variablesBytesLeft: number
  jsonValuesLeft: number

  // What the selection set that was read last adds up to.
  leaves: number
  /** Of the deepest leaf, 0 in the root selection set; -1 without leaves. */
  depth: number
  rootFields: number
  hasIntrospection: boolean

  readonly definitions: Definitions
  /** By nesting: how many levels of depth the selection set that is open there adds, 1 for a field's and 0 for a fragment's. */
  readonly openSelections: Uint8Array
  /** By nesting: which value is open there, a list or an object. */
  readonly openValues: Uint8Array
}

/** A position and a character share 31 bits. */
const POSITION_MAX = 2 ** 23 - 1

export function createScan(given: GraphqlLimits): Scan {
  const limits = { ...given, bodyBytesMax: Math.min(given.bodyBytesMax, POSITION_MAX) }
  return {
    limits,
    bytes: new Uint8Array(),
    end: 0,
    isJson: false,
    reason: null,
    offset: 0,
    unit: 0,
    tokensLeft: 0,
    fieldsLeft: 0,
    aliasesLeft: 0,
    directivesLeft: 0,
    argumentsLeft: 0,
    operationsLeft: 0,
    fragmentsLeft: 0,
    spreadsLeft: 0,
    stepsLeft: 0,
    variablesBytesLeft: 0,
    jsonValuesLeft: 0,
    leaves: 0,
    depth: -1,
    rootFields: 0,
    hasIntrospection: false,
    definitions: createDefinitions(limits),
    openSelections: new Uint8Array(limits.nestingMax + 1),
    openValues: new Uint8Array(Math.max(limits.nestingMax, limits.jsonDepthMax) + 1),
  }
}

/** Starts a request: all budgets are whole. */
export function startScan(scan: Scan, bytes: Uint8Array, isJson: boolean): void {
  const { limits } = scan
  scan.bytes = withSafeEnd(bytes)
  scan.end = isJson ? bytes.length : trimmedLength(bytes)
  scan.isJson = isJson
  scan.reason = null
  scan.offset = 0
  scan.tokensLeft = limits.tokensMax
  scan.fieldsLeft = limits.fieldsMax
  scan.aliasesLeft = limits.aliasesMax
  scan.directivesLeft = limits.directivesMax
  scan.argumentsLeft = limits.argumentsMax
  scan.operationsLeft = limits.operationsMax
  scan.fragmentsLeft = limits.fragmentsMax
  scan.spreadsLeft = limits.spreadsMax
  scan.stepsLeft = limits.stepsMax
  scan.variablesBytesLeft = limits.variablesBytesMax
  scan.jsonValuesLeft = limits.jsonValuesMax
}

/**
 * Names, spaces and digits end at the first other byte, wherever that is. A single look beyond the last byte would make the
 * compiler expect more of them: all requests to come would cost a third more or worse, and anybody could send the one that does
 * it. So what ends with anything but a bracket or a line end, which is hardly ever a request, gets an end of zeros.
 */
function withSafeEnd(bytes: Uint8Array): Uint8Array {
  const last = bytes[bytes.length - 1]
  if (last === 0x7d || last === 0x5d || last === 0x0a) return bytes
  const padded = new Uint8Array(bytes.length + PADDING)
  padded.set(bytes)
  return padded
}

/** As far as any function looks ahead. */
const PADDING = 8

function trimmedLength(bytes: Uint8Array): number {
  let end = bytes.length
  while (end > 0 && isWhiteSpace(bytes[end - 1] ?? 0)) end -= 1
  return end
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** The first reason counts: later ones follow from it. */
export function fail(scan: Scan, offset: number, reason: GraphqlReason): -1 {
  if (scan.reason === null) {
    scan.reason = reason
    scan.offset = offset
  }
  return -1
}
