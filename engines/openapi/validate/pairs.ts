/**
 * Query strings and Cookie headers to names and values.
 *
 * Promises a bound on how many are read, and names that are only names (`__proto__` too). A value whose
 * percent-encoding is broken or not UTF-8 says so instead of being guessed.
 */
import type { FindingKind } from '../violations.ts'

export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false
      readonly kind: Extract<FindingKind, 'bad_escape' | 'not_utf8'>
      readonly raw: string
    }

export type Pairs = {
  /** Values of each name in the order sent. */
  readonly values: ReadonlyMap<string, readonly DecodedText[]>
  /** More than the bound were sent; the rest was not read. */
  readonly isCut: boolean
}

/** `a=1&b=2`, `+` for a space. */
export function parseQuery(query: string, pairsMax: number): Pairs {
  return collect(query, { separator: '&', pairsMax }, (text) => decode(text.replaceAll('+', ' ')))
}

/** `a=1; b=2` (RFC 6265 §4.2.1); a value's percent-encoding is decoded, as the form style has it. */
export function parseCookies(header: string, pairsMax: number): Pairs {
  return collect(header, { separator: ';', pairsMax }, (text) =>
    decode(text.trim().replace(/^"(.*)"$/, '$1')),
  )
}

type Split = { readonly separator: string; readonly pairsMax: number }

function collect(
  text: string,
  { separator, pairsMax }: Split,
  read: (text: string) => DecodedText,
): Pairs {
  const values = new Map<string, DecodedText[]>()
  let start = 0
  for (let count = 0; start <= text.length; count++) {
    if (count === pairsMax) return { values, isCut: true }
    const found = text.indexOf(separator, start)
    const end = found < 0 ? text.length : found
    const piece = text.slice(start, end)
    start = end + 1
    if (piece.trim() === '') continue
    const equals = piece.indexOf('=')
    const name = read(equals < 0 ? piece : piece.slice(0, equals))
    const value = read(equals < 0 ? '' : piece.slice(equals + 1))
    const key = name.ok ? name.text : name.raw
    const known = values.get(key)
    if (known === undefined) values.set(key, [value])
    else known.push(value)
  }
  return { values, isCut: false }
}

function decode(text: string): DecodedText {
  if (!text.includes('%')) return { ok: true, text }
  if (/%(?![\da-fA-F]{2})/.test(text)) return { ok: false, kind: 'bad_escape', raw: text }
  try {
    return { ok: true, text: decodeURIComponent(text) }
  } catch {
    // The escapes are well formed, so the bytes they stand for are not UTF-8.
    return { ok: false, kind: 'not_utf8', raw: text }
  }
}
