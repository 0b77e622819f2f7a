/**
 * The symbols that an automaton reads: bytes that no part of the pattern tells apart are one symbol. If the pattern asks for
 * Unicode words, the bytes of a character beyond ASCII are told apart by whether it is one of a word.
 */
import { asksFor, type Side } from './looks.ts'
import type { Nfa } from './nfa.ts'
import { WORD } from './properties.ts'

export type Alphabet = {
  /** Symbol of each byte by itself. */
  readonly symbols: Uint16Array
  /** How many there are; this number itself stands for the end of the value. */
  readonly count: number
  /** One byte of each symbol. */
  readonly bytes: readonly number[]
  /** What stands behind a place that follows the symbol. */
  readonly behind: readonly Side[]
  /** What stands ahead of a place that the symbol follows; one more for the end of the value. */
  readonly ahead: readonly Side[]
  /** How many symbols the bytes by themselves have. */
  readonly plainCount: number
  /** Asks whether a character is one of a word; missing if the pattern does not. */
  readonly wordCharacter: RegExp | undefined
}

type Needs = { readonly lines: boolean; readonly words: boolean; readonly unicode: boolean }

/** The same symbols again, for first and last bytes of characters that are, or are not, part of words. */
const WIDE_ROLES: readonly { readonly behind: Side; readonly ahead: Side }[] = [
  { behind: 'broken', ahead: 'wideOther' },
  { behind: 'broken', ahead: 'wideWord' },
  { behind: 'wideOther', ahead: 'broken' },
  { behind: 'wideWord', ahead: 'broken' },
]
const FIRST_BYTE = 1
const LAST_BYTE = 3
const SURROGATE_FIRST = 0xd800
const SURROGATE_LAST = 0xdfff
const ESCAPED_BYTE_FIRST = 0xdc80
const ESCAPED_BYTE_LAST = 0xdcff
const ESCAPE_BASE = 0xdc00
const REPLACEMENT = 0xfffd

/** The alphabet of an automaton. */
export function createAlphabet(nfa: Nfa): Alphabet {
  const needs = needsOf(nfa)
  const starts = boundariesOf(nfa, needs)
  const symbols = new Uint16Array(256)
  const bytes: number[] = []
  for (let byte = 0; byte < 256; byte += 1) {
    if (starts.has(byte)) bytes.push(byte)
    symbols[byte] = bytes.length - 1
  }
  const plainCount = bytes.length
  const plain = bytes.map((byte) => ({ behind: sideOf(byte, needs), ahead: sideOf(byte, needs) }))
  const wide = needs.unicode ? WIDE_ROLES.flatMap((role) => bytes.map(() => role)) : []
  const roles = [...plain, ...wide]
  return {
    symbols,
    count: roles.length,
    bytes: roles.map((_, symbol) => bytes[symbol % plainCount] ?? 0),
    behind: roles.map((role) => role.behind),
    ahead: [...roles.map((role) => role.ahead), 'edge'],
    plainCount,
    wordCharacter: needs.unicode ? new RegExp(`[${WORD}]`, 'v') : undefined,
  }
}

/** Appends the symbols of a character beyond ASCII, or of a byte that is not UTF-8 (see `bytes.ts`). */
export function appendWide(alphabet: Alphabet, point: number, into: number[]): void {
  if (point >= ESCAPED_BYTE_FIRST && point <= ESCAPED_BYTE_LAST) {
    into.push(alphabet.symbols[point - ESCAPE_BASE] ?? 0)
    return
  }
  const isLone = point >= SURROGATE_FIRST && point <= SURROGATE_LAST
  const character = isLone ? REPLACEMENT : point
  const first = into.length
  appendBytes(alphabet.symbols, character, into)
  const { plainCount, wordCharacter } = alphabet
  if (wordCharacter === undefined) return
  const isWord = wordCharacter.test(String.fromCodePoint(character)) ? 1 : 0
  const last = into.length - 1
  into.splice(first, 1, (into[first] ?? 0) + plainCount * (FIRST_BYTE + isWord))
  into.splice(last, 1, (into[last] ?? 0) + plainCount * (LAST_BYTE + isWord))
}

/** All symbols of a value. */
export function symbolsOf(alphabet: Alphabet, subject: string): readonly number[] {
  const into: number[] = []
  for (const character of subject) {
    const point = character.codePointAt(0) ?? 0
    if (point < 0x80) into.push(alphabet.symbols[point] ?? 0)
    else appendWide(alphabet, point, into)
  }
  return into
}

function appendBytes(symbols: Uint16Array, point: number, into: number[]): void {
  const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
  const lead = (0xf00 >> (more + 1)) & 0xff
  into.push(symbols[lead | (point >> (6 * more))] ?? 0)
  for (let shift = 6 * (more - 1); shift >= 0; shift -= 6) {
    into.push(symbols[0x80 | ((point >> shift) & 0x3f)] ?? 0)
  }
}

function needsOf({ states }: Nfa): Needs {
  const looks = states.flatMap((state) => (state.kind === 'look' ? [state.look] : []))
  return {
    lines: looks.some((look) => asksFor(look) === 'lines'),
    words: looks.some((look) => asksFor(look) === 'words'),
    unicode: looks.some((look) => look.isUnicode && asksFor(look) === 'words'),
  }
}

/** The bytes with which a symbol begins; ASCII and the rest are always apart. */
function boundariesOf({ states }: Nfa, needs: Needs): ReadonlySet<number> {
  const starts = new Set<number>([0, 0x80])
  for (const state of states) {
    if (state.kind === 'bytes') {
      for (const { first, last } of state.edges) starts.add(first).add(last + 1)
    }
  }
  for (let byte = 1; byte < 256; byte += 1) {
    if (sideOf(byte, needs) !== sideOf(byte - 1, needs)) starts.add(byte)
  }
  return starts
}

function sideOf(byte: number, { lines, words, unicode }: Needs): Side {
  if (byte >= 0x80) return unicode ? 'broken' : 'other'
  if (lines && byte === 0x0a) return 'lf'
  if (lines && byte === 0x0d) return 'cr'
  return words && /^\w$/.test(String.fromCharCode(byte)) ? 'word' : 'other'
}
