/**
 * Executable documents (GraphQL, section 2.2): October 2021 with the descriptions of the current draft. A document that
 * defines types is refused: no server runs one.
 */
import { readName, readToken } from './characters.ts'
import { NONE, OPEN_CURLY, OPEN_ROUND, QUOTATION, isNameStart } from './codes.ts'
import {
  ALIASES,
  clearDefinitions,
  COUNTS,
  DIRECTIVES,
  FIELDS,
  FRAGMENT,
  LEAVES,
  OPERATION_TYPES,
  ROOT_FIELDS,
} from './definitions.ts'
import { numberOfName } from './names.ts'
import { fail, type Scan } from './scan.ts'
import { readSelectionSet } from './selections.ts'
import { readString } from './strings.ts'
import { expectName, isWord, refuseToken } from './tokens.ts'
import { readDirectives, readVariableDefinitions } from './values.ts'

/** From its first byte to where it ends: the closing quote in JSON, the end of the bytes otherwise. */
export function readDocument(scan: Scan, from: number): number {
  clearDefinitions(scan.definitions)
  let token = readToken(scan, from)
  if (token >= 0 && (token & 0xff) === NONE) return fail(scan, token >> 8, 'empty_document')
  while (token < 0 || (token & 0xff) !== NONE) {
    const end = readDefinition(scan, token)
    if (end < 0) return -1
    token = readToken(scan, end)
  }
  return token >> 8
}

function readDefinition(scan: Scan, first: number): number {
  openRow(scan)
  let token = first
  if ((token & 0xff) === OPEN_CURLY) return readOperation(scan, 0, token)
  if ((token & 0xff) === QUOTATION) {
    const end = readString(scan, token >> 8)
    if (end < 0) return -1
    token = readToken(scan, end)
  }
  const wordEnd = expectName(scan, token)
  if (wordEnd < 0) return -1
  if (isWord(scan, token, 'fragment')) return readFragmentDefinition(scan, wordEnd)
  for (let kind = 0; kind < OPERATION_TYPES.length; kind++) {
    if (!isWord(scan, token, OPERATION_TYPES[kind] ?? '')) continue
    return readOperation(scan, kind, readOperationName(scan, readToken(scan, wordEnd)))
  }
  const isType = TYPE_SYSTEM_WORDS.some((word) => isWord(scan, token, word))
  return isType ? fail(scan, (token >> 8) - 1, 'type_system_definition') : refuseToken(scan, token)
}

/** Section 3: what definitions and extensions of types start with. */
const TYPE_SYSTEM_WORDS = [
  'schema',
  'scalar',
  'type',
  'interface',
  'union',
  'enum',
  'input',
  'directive',
  'extend',
]

/** A name if there is one; answers the token after it. */
function readOperationName(scan: Scan, token: number): number {
  if (!isNameStart(token)) return token
  const { definitions } = scan
  const end = readName(scan, token >> 8)
  definitions.nameTokens[definitions.count] = token
  definitions.nameEnds[definitions.count] = end
  return readToken(scan, end)
}

/** From the token after its name. */
function readOperation(scan: Scan, kind: number, from: number): number {
  let token = from
  if (--scan.operationsLeft < 0) return fail(scan, token >> 8, 'too_many_operations')
  if ((token & 0xff) === OPEN_ROUND) {
    scan.definitions.variableStarts[scan.definitions.count] = token >> 8
    const end = readVariableDefinitions(scan, token >> 8)
    if (end < 0) return -1
    token = readToken(scan, end)
  }
  token = readDirectives(scan, token, false)
  if ((token & 0xff) !== OPEN_CURLY) return refuseToken(scan, token)
  return closeRow(scan, kind, token >> 8)
}

/** From after the word `fragment`. Section 2.8: `on` is no name of a fragment. */
function readFragmentDefinition(scan: Scan, from: number): number {
  const { definitions } = scan
  if (--scan.fragmentsLeft < 0) return fail(scan, from, 'too_many_fragments')
  const name = readToken(scan, from)
  const nameEnd = expectName(scan, name)
  if (nameEnd < 0) return -1
  if (isWord(scan, name, 'on')) return refuseToken(scan, name)
  const on = readToken(scan, nameEnd)
  const onEnd = expectName(scan, on)
  if (onEnd < 0) return -1
  if (!isWord(scan, on, 'on')) return refuseToken(scan, on)
  const type = readToken(scan, onEnd)
  const typeEnd = expectName(scan, type)
  if (typeEnd < 0) return -1
  definitions.typeTokens[definitions.count] = type
  definitions.typeEnds[definitions.count] = typeEnd
  const token = readDirectives(scan, readToken(scan, typeEnd), false)
  if ((token & 0xff) !== OPEN_CURLY) return refuseToken(scan, token)
  const number = numberOfName(scan, name, nameEnd)
  if (number < 0) return -1
  // Section 5.5.1.1 refuses a second fragment of one name; graphql-js, which then runs the last one, decided here.
  definitions.fragmentDefinitions[number] = definitions.count
  return closeRow(scan, FRAGMENT, token >> 8)
}

/** Notes where the totals stand before a definition. */
function openRow(scan: Scan): void {
  const { definitions } = scan
  const { count, counts } = definitions
  const row = count * COUNTS.length
  counts[row + FIELDS] = scan.fieldsLeft
  counts[row + ALIASES] = scan.aliasesLeft
  counts[row + DIRECTIVES] = scan.directivesLeft
  definitions.nameTokens[count] = 0
  definitions.variableStarts[count] = 0
  definitions.firstSpreads[count] = definitions.spreadCount
  scan.hasIntrospection = false
}

/** Reads the selection set that starts here, and turns the totals before the definition into its own figures. */
function closeRow(scan: Scan, kind: number, start: number): number {
  const end = readSelectionSet(scan, start)
  if (end < 0) return -1
  const { definitions } = scan
  definitions.selectionStarts[definitions.count] = start
  const { count, counts } = definitions
  const row = count * COUNTS.length
  counts[row + LEAVES] = scan.leaves
  counts[row + FIELDS] = (counts[row + FIELDS] ?? 0) - scan.fieldsLeft
  counts[row + ALIASES] = (counts[row + ALIASES] ?? 0) - scan.aliasesLeft
  counts[row + DIRECTIVES] = (counts[row + DIRECTIVES] ?? 0) - scan.directivesLeft
  counts[row + ROOT_FIELDS] = scan.rootFields
  definitions.kinds[count] = kind
  definitions.depths[count] = scan.depth
  definitions.hasIntrospection[count] = scan.hasIntrospection ? 1 : 0
  definitions.count = count + 1
  definitions.firstSpreads[count + 1] = definitions.spreadCount
  return end
}
