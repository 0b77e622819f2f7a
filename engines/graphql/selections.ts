/**
 * Selection sets (GraphQL, sections 2.4, 2.5 and 2.8), the greater part of every document: counted as they go by, with one
 * entry of memory a level. A leaf is a field without a selection set of its own. Only fields make it deeper; inline fragments
 * do not.
 */
import { readName, readToken, readTokenAfterName, readUnit } from './characters.ts'
import { AT, CLOSE_CURLY, COLON, OPEN_CURLY, OPEN_ROUND, POINT, isNameStart } from './codes.ts'
import { numberOfName } from './names.ts'
import { fail, type Scan } from './scan.ts'
import { expectName, expectNameThenToken, isWord, refuseToken } from './tokens.ts'
import { readArguments, readDirectives } from './values.ts'

/** From after the opening brace to after the closing one; what it adds up to is then in `scan`. */
export function readSelectionSet(scan: Scan, from: number): number {
  const { openSelections: open, limits } = scan
  let token = readToken(scan, from)
  let nesting = 0
  let depth = 0
  let leaves = 0
  let deepest = -1
  let rootFields = 0
  let { fieldsLeft } = scan
  // Every brace is followed by a selection at least.
  let isEmpty = true
  for (;;) {
    const first = token & 0xff
    let levels = 1
    if (isNameStart(first)) {
      if (--fieldsLeft < 0) return fail(scan, token >> 8, 'too_many_fields')
      if (depth === 0) rootFields += 1
      const name = token
      token = readTokenAfterName(scan, token >> 8)
      if (first === 0x5f && (token & 0xff) !== COLON) noteIntrospection(scan, name)
      if (!isNameStart(token)) {
        if ((token & 0xff) === COLON) token = readAliased(scan, token)
        if ((token & 0xff) === OPEN_ROUND) {
          const end = readArguments(scan, token >> 8, false)
          if (end < 0) return -1
          token = readToken(scan, end)
        }
        if ((token & 0xff) === AT) token = readDirectives(scan, token, false)
      }
      if ((token & 0xff) !== OPEN_CURLY) {
        leaves += 1
        if (depth > deepest) deepest = depth
        isEmpty = false
        continue
      }
    } else if (first === CLOSE_CURLY) {
      if (isEmpty) return refuseToken(scan, token)
      if (nesting === 0) {
        scan.fieldsLeft = fieldsLeft
        scan.leaves = leaves
        scan.depth = deepest
        scan.rootFields = rootFields
        return token >> 8
      }
      depth -= open[nesting] ?? 0
      nesting -= 1
      token = readToken(scan, token >> 8)
      continue
    } else {
      if (first !== POINT) return refuseToken(scan, token)
      token = readFragment(scan, token, depth)
      isEmpty = false
      if ((token & 0xff) !== OPEN_CURLY) continue
      levels = 0
    }
    // A selection set opens.
    nesting += 1
    if (nesting >= limits.nestingMax) return fail(scan, token >> 8, 'nesting_too_deep')
    open[nesting] = levels
    depth += levels
    isEmpty = true
    token = readToken(scan, token >> 8)
  }
}

/** The rest of a field whose first name was an alias, from the colon; answers the token after the name. */
function readAliased(scan: Scan, colon: number): number {
  if (--scan.aliasesLeft < 0) return fail(scan, colon >> 8, 'too_many_aliases')
  const token = readToken(scan, colon >> 8)
  if ((token & 0xff) === 0x5f) noteIntrospection(scan, token)
  return expectNameThenToken(scan, token)
}

/** A spread or an inline fragment, from its first point; answers the token after it, which is `{` for inline ones alone. */
function readFragment(scan: Scan, first: number, depth: number): number {
  const at = first >> 8
  const isPlain = scan.bytes[at] === 0x2e && scan.bytes[at + 1] === 0x2e
  const pointsEnd = isPlain ? at + 2 : readPoints(scan, at)
  if (pointsEnd < 0) return -1
  let token = readToken(scan, pointsEnd)
  if (isNameStart(token)) {
    const nameEnd = readName(scan, token >> 8)
    if (!isWord(scan, token, 'on')) {
      if (--scan.spreadsLeft < 0) return fail(scan, nameEnd, 'too_many_spreads')
      const number = numberOfName(scan, token, nameEnd)
      if (number < 0) return -1
      noteSpread(scan, number, depth)
      token = readDirectives(scan, readToken(scan, nameEnd), false)
      return (token & 0xff) === OPEN_CURLY ? refuseToken(scan, token) : token
    }
    const typeEnd = expectName(scan, readToken(scan, nameEnd))
    if (typeEnd < 0) return -1
    token = readToken(scan, typeEnd)
  }
  token = readDirectives(scan, token, false)
  return (token & 0xff) === OPEN_CURLY ? token : refuseToken(scan, token)
}

/** The second and the third point, where JSON may escape them. */
function readPoints(scan: Scan, from: number): number {
  let at = from
  for (let points = 1; points < 3; points++) {
    at = readUnit(scan, at)
    if (at < 0) return -1
    if (scan.unit !== 0x2e) return fail(scan, from, 'unexpected_character')
  }
  return at
}

function noteSpread(scan: Scan, name: number, depth: number): void {
  const { definitions } = scan
  definitions.spreadNames[definitions.spreadCount] = name
  definitions.spreadDepths[definitions.spreadCount] = depth
  definitions.spreadCount += 1
}

/** Section 4: the fields that tell the schema; `__typename` does not. */
function noteIntrospection(scan: Scan, token: number): void {
  if (isWord(scan, token, '__schema') || isWord(scan, token, '__type')) {
    scan.hasIntrospection = true
  }
}
