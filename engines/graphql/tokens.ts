/** What the grammar asks of single tokens. A token is what `readToken` answers: the position after its first character, times 256, plus the character. */
import { BACKSLASH, readName, readToken, readTokenAfterName, readUnit } from './characters.ts'
import { COLON, isNameStart, NONE } from './codes.ts'
import { fail, type Scan } from './scan.ts'

/** A token that is not allowed where it stands. */
export function refuseToken(scan: Scan, token: number): -1 {
  if (token < 0) return -1
  const after = token >> 8
  return (token & 0xff) === NONE
    ? fail(scan, after, 'unexpected_end')
    : fail(scan, after - 1, 'unexpected_token')
}

/** The position after the name that starts with this token, or failure when it is none. */
export function expectName(scan: Scan, token: number): number {
  if (isNameStart(token)) return readName(scan, token >> 8)
  return refuseToken(scan, token)
}

/** The token after the name that starts with this token, or failure when it is none. */
export function expectNameThenToken(scan: Scan, token: number): number {
  if (isNameStart(token)) return readTokenAfterName(scan, token >> 8)
  return refuseToken(scan, token)
}

/** The first token of what follows a name and a colon, from the token that the name starts with. */
export function readKey(scan: Scan, token: number): number {
  const nameEnd = expectName(scan, token)
  if (nameEnd < 0) return -1
  // In most documents the colon follows at once.
  if (scan.bytes[nameEnd] === 0x3a) {
    if (--scan.tokensLeft < 0) return fail(scan, nameEnd, 'too_many_tokens')
    return readToken(scan, nameEnd + 1)
  }
  const colon = readToken(scan, nameEnd)
  return (colon & 0xff) === COLON ? readToken(scan, colon >> 8) : refuseToken(scan, colon)
}

/** Whether the name that starts with this token is this word. */
export function isWord(scan: Scan, token: number, word: string): boolean {
  if ((token & 0xff) !== word.charCodeAt(0)) return false
  const { bytes } = scan
  let at = token >> 8
  for (let place = 1; place < word.length; place++) {
    const unit = word.charCodeAt(place)
    if (bytes[at] === unit) at += 1
    else {
      at = bytes[at] === BACKSLASH ? readUnit(scan, at) : -1
      if (at < 0 || scan.unit !== unit) return false
    }
  }
  return readName(scan, at) === at
}

/** The name as text. */
export function nameText(scan: Scan, token: number, end: number): string {
  let text = String.fromCharCode(token & 0x7f)
  let at = token >> 8
  while (at < end) {
    at = readUnit(scan, at)
    text += String.fromCharCode(scan.unit)
  }
  return text
}
