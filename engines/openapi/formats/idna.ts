/**
 * Labels of internationalised domain names (IDNA 2008: RFC 5891, RFC 5892, RFC 5893).
 *
 * Promises the rules for code points, contexts and writing direction as far as the platform's Unicode properties carry:
 * joining types and bidirectional classes are told by script.
 */
import { decodePunycode, encodePunycode } from './punycode.ts'

/** Whether a label in Unicode (RFC 5891 §4.2) may stand in a name; `isBidi` says that some label is written right to left. */
export function isUnicodeLabel(label: string): boolean {
  const characters = Array.from(label)
  return (
    label === label.normalize('NFC') &&
    !/^-|-$|^..--/su.test(label) &&
    !/^\p{M}/u.test(label) &&
    encodePunycode(label).length <= 59 &&
    characters.every((character, at) => isAllowed(character, { label, characters, at }))
  )
}

/** The Unicode form of an A-label, lower-case `xn--` and all; null when it is none (RFC 5891 §5.3 to §5.4). */
export function unicodeOf(label: string): string | null {
  const encoded = label.slice('xn--'.length)
  const decoded = decodePunycode(encoded)
  // One label, one spelling: it has to encode to what it came from, and to be needed.
  if (decoded === null || /^[\0-\x7f]*$/.test(decoded)) return null
  return encodePunycode(decoded) === encoded ? decoded : null
}

/** RFC 5893 §2, for every label of a name that has one written right to left. */
export function isBidiLabel(label: string): boolean {
  const classes = Array.from(label).map(bidiClass)
  const [first] = classes
  const last = classes.findLast((each) => each !== 'NSM')
  const has = (wanted: BidiClass) => classes.includes(wanted)
  if (first === 'R') {
    return (
      !has('L') && (last === 'R' || last === 'EN' || last === 'AN') && !(has('EN') && has('AN'))
    )
  }
  return first === 'L' && !has('R') && !has('AN') && (last === 'L' || last === 'EN')
}

/** Whether a label makes its name a bidirectional one. */
export function isRightToLeft(label: string): boolean {
  return Array.from(label)
    .map(bidiClass)
    .some((each) => each === 'R' || each === 'AN')
}

type BidiClass = 'L' | 'R' | 'EN' | 'AN' | 'NSM' | 'other'

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Mende_Kikakui}]/u

function bidiClass(character: string): BidiClass {
  if (/[0-9\u06f0-\u06f9]/.test(character)) return 'EN'
  if (/[\u0660-\u0669\u066b\u066c\u06dd]/.test(character)) return 'AN'
  if (/\p{Mn}|\p{Me}/u.test(character)) return 'NSM'
  if (rightToLeft.test(character)) return 'R'
  return /\p{L}|\p{Mc}|\p{N}/u.test(character) ? 'L' : 'other'
}

type Context = {
  readonly label: string
  readonly characters: readonly string[]
  readonly at: number
}

function isAllowed(character: string, context: Context): boolean {
  const inContext = contexts.get(character)
  if (inContext !== undefined) return inContext(context)
  if (/[\u0660-\u0669]/.test(character)) return !/[\u06f0-\u06f9]/.test(context.label)
  if (/[\u06f0-\u06f9]/.test(character)) return !/[\u0660-\u0669]/.test(context.label)
  if (/[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007a-z0-9-]/.test(character)) return true
  return (
    !disallowed.test(character) &&
    /[\p{Ll}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]/u.test(character) &&
    isStable(character)
  )
}

/** RFC 5892 §2.3 to §2.9: exceptions, ignorable properties and blocks, old Hangul. */
const disallowed =
  /[\u0640\u07fa\u3031-\u3035\u303b\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\u{1d100}-\u{1d1ff}\u{1d200}-\u{1d24f}\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Noncharacter_Code_Point}]|[\u302e-\u302f]|[\u20d0-\u20ff]/u

/** RFC 5892 §2.2. */
function isStable(character: string): boolean {
  return character === character.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** RFC 5892 appendix A, but for the digits. */
const contexts: ReadonlyMap<string, (context: Context) => boolean> = new Map([
  [
    '\u00b7',
    ({ characters, at }: Context) => characters[at - 1] === 'l' && characters[at + 1] === 'l',
  ],
  ['\u0375', ({ characters, at }: Context) => /\p{Script=Greek}/u.test(characters[at + 1] ?? '')],
  ['\u05f3', isAfterHebrew],
  ['\u05f4', isAfterHebrew],
  [
    '\u30fb',
    ({ label }: Context) => /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(label),
  ],
  ['\u200d', isAfterVirama],
  ['\u200c', (context: Context) => isAfterVirama(context) || isBetweenJoining(context)],
])

function isAfterHebrew({ characters, at }: Context): boolean {
  return /\p{Script=Hebrew}/u.test(characters[at - 1] ?? '')
}

/** Canonical combining class 9. */
const virama =
  /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua8c4\ua953\ua9c0\uaaf6\uabed]/

function isAfterVirama({ characters, at }: Context): boolean {
  return virama.test(characters[at - 1] ?? '')
}

/** Letters do not cease to join at a mark. */
function isTransparent(character: string): boolean {
  return /\p{Mn}/u.test(character)
}

const joining = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}]/u

/** Letters that join with what is before them only. */
const joiningBefore =
  /[\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0673\u0675-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5\u06ee\u06ef]/

function isBetweenJoining({ characters, at }: Context): boolean {
  const before = characters.slice(0, at).findLast((each) => !isTransparent(each)) ?? ''
  const after = characters.slice(at + 1).find((each) => !isTransparent(each)) ?? ''
  return joining.test(before) && !joiningBefore.test(before) && joining.test(after)
}
