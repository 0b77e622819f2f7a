/** Backslash escapes of Rust's regex syntax (regex-syntax 0.8, `ast::parse`), inside and outside of classes. */
import { ok } from '#engines/result'
import { propertyMembers, rangesOf } from './properties.ts'
import { type CodeRange, complement } from './ranges.ts'
import { foldRanges, perlSet } from './sets.ts'
import { characterAt, skipIgnored } from './space.ts'
import { type LookName, refuseRegex, type RegexPlace, type RegexRead } from './tree.ts'

/** A literal can bound a range; `isByte` is `\xFF`, which means a byte and no character without flag `u`. */
export type Escape =
  | { readonly kind: 'literal'; readonly point: number; readonly isByte: boolean }
  | { readonly kind: 'set'; readonly ranges: readonly CodeRange[] }
  | { readonly kind: 'look'; readonly look: LookName }

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const LOOKS: Readonly<Record<string, LookName>> = {
  A: 'start',
  z: 'end',
  b: 'wordEdge',
  B: 'notWordEdge',
  '<': 'wordStart',
  '>': 'wordEnd',
}
/** What may stand in the braces of `\b{…}`. */
const WORD_LOOKS: Readonly<Record<string, LookName>> = {
  start: 'wordStart',
  end: 'wordEnd',
  'start-half': 'wordStartHalf',
  'end-half': 'wordEndHalf',
}
/** Every ASCII character that is no letter or digit may be escaped; `\<` and `\>` are word edges. */
const ESCAPABLE = /^[\0-/:;=?@[-`{-\u007F]$/

/** Reads the escape whose backslash is at `at`. */
export function readEscape(place: RegexPlace): RegexRead<Escape> {
  const { pattern, at, flags } = place
  const letter = characterAt(pattern, at + 1)
  const next = at + 1 + letter.length
  if (letter === '')
    return refuseRegex('invalid_pattern', 'incomplete escape sequence', { at, next })
  if (/^[0-9]$/.test(letter)) {
    return refuseRegex('unsupported_pattern', 'backreferences are not supported', { at, next })
  }
  if (letter === 'p' || letter === 'P') return readProperty(place)
  if (HEX_DIGITS[letter] !== undefined) return readHex(place, HEX_DIGITS[letter])
  const ranges = perlSet(letter, flags)
  if (ranges !== undefined) return ok({ value: { kind: 'set', ranges }, next })
  if (letter === 'b' && pattern.charAt(next) === '{') return readWordLook(place)
  const look = LOOKS[letter]
  if (look !== undefined) return ok({ value: { kind: 'look', look }, next })
  const point = CONTROLS[letter] ?? (ESCAPABLE.test(letter) ? letter.charCodeAt(0) : undefined)
  return point === undefined
    ? refuseRegex('invalid_pattern', 'unrecognized escape sequence', { at, next })
    : ok({ value: { kind: 'literal', point, isByte: false }, next })
}

/** `\b{start}` and its like; `\b{2}` is a word edge and a count. */
function readWordLook(place: RegexPlace): RegexRead<Escape> {
  const { at } = place
  const open = skipIgnored({ ...place, at: at + 3 })
  const name = readWhile({ ...place, at: open }, /^[A-Za-z-]$/)
  if (name.text === '') return ok({ value: { kind: 'look', look: 'wordEdge' }, next: at + 2 })
  const look = WORD_LOOKS[name.text]
  return look === undefined || place.pattern.charAt(name.next) !== '}'
    ? refuseRegex('invalid_pattern', 'unrecognized word edge', { at, next: name.next })
    : ok({ value: { kind: 'look', look }, next: name.next + 1 })
}

function readHex(place: RegexPlace, digits: number): RegexRead<Escape> {
  const { at } = place
  const start = skipIgnored({ ...place, at: at + 2 })
  const isBraced = place.pattern.charAt(start) === '{'
  const open = isBraced ? skipIgnored({ ...place, at: start + 1 }) : start
  const hex = readWhile({ ...place, at: open }, /^[0-9A-Fa-f]$/, isBraced ? Infinity : digits)
  const isClosed = isBraced ? place.pattern.charAt(hex.next) === '}' : hex.text.length === digits
  const next = isBraced ? skipIgnored({ ...place, at: hex.next + 1 }) : hex.next
  const point = Number.parseInt(hex.text, 16)
  const isPoint = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)
  if (!isClosed || !isPoint) {
    return refuseRegex('invalid_pattern', 'invalid hexadecimal escape', { at, next })
  }
  const isByte = !isBraced && digits === HEX_DIGITS['x']
  return ok({ value: { kind: 'literal', point, isByte }, next })
}

function readProperty(place: RegexPlace): RegexRead<Escape> {
  const { pattern, at, flags } = place
  const start = skipIgnored({ ...place, at: at + 2 })
  const isBraced = pattern.charAt(start) === '{'
  const open = isBraced ? skipIgnored({ ...place, at: start + 1 }) : start
  const name = readWhile(
    { ...place, at: open },
    isBraced ? /^[^}]$/su : /^[^\\]$/su,
    isBraced ? Infinity : 1,
  )
  const next = isBraced ? name.next + 1 : name.next
  if (name.text === '' || (isBraced && pattern.charAt(name.next) !== '}')) {
    return refuseRegex('invalid_pattern', 'incomplete Unicode class', { at, next: name.next })
  }
  if (!flags.isUnicode) {
    const message = 'Unicode classes need the flag u: (?u)'
    return refuseRegex('invalid_pattern', message, { at, next })
  }
  const members = propertyMembers(name.text)
  if (members === undefined) {
    const message = `Unicode property ${name.text} is not supported`
    return refuseRegex('unsupported_pattern', message, { at, next })
  }
  const ranges = foldRanges(rangesOf(members), flags)
  const isNegated = pattern.charAt(at + 1) === 'P'
  const value: Escape = { kind: 'set', ranges: isNegated ? complement(ranges, 'point') : ranges }
  return ok({ value, next })
}

/** The characters from here on that have the shape, up to `countMax`, with ignored space between them left out. */
function readWhile(
  place: RegexPlace,
  shape: RegExp,
  countMax = Infinity,
): { readonly text: string; readonly next: number } {
  let text = ''
  let next = place.at
  for (let count = 0; count < countMax; count += 1) {
    const character = characterAt(place.pattern, next)
    if (!shape.test(character)) break
    text += character
    next = skipIgnored({ ...place, at: next + character.length })
  }
  return { text, next }
}
