/**
 * Query strings and Cookie headers as names and raw values: names unescaped, values as sent, because a style may split them
 * before they are unescaped. How many are read is bounded.
 */
import { formDecoded, percentDecoded, type Unescape } from './structure.ts'

export type RawPairs = {
  /** Raw values of each name in the order sent; a name whose escaping is broken stands as it was sent. */
  readonly values: ReadonlyMap<string, readonly string[]>
  /** More than the bound were sent; the rest was not read. */
  readonly isCut: boolean
}

export const noPairs: RawPairs = { values: new Map(), isCut: false }

/** `a=1&b=2`. */
export function parseQuery(query: string, pairsMax: number): RawPairs {
  return collect(query, { separator: '&', pairsMax, unescape: formDecoded })
}

/** `a=1; b=2`; a value in quotes is the value without them (RFC 6265 §4.1.1). */
export function parseCookies(header: string, pairsMax: number): RawPairs {
  return collect(header, { separator: ';', pairsMax, unescape: percentDecoded })
}

type Split = {
  readonly separator: '&' | ';'
  readonly pairsMax: number
  readonly unescape: Unescape
}

function collect(text: string, { separator, pairsMax, unescape }: Split): RawPairs {
  if (text === '') return noPairs
  const values = new Map<string, string[]>()
  let start = 0
  for (let count = 0; start <= text.length;) {
    const found = text.indexOf(separator, start)
    const end = found < 0 ? text.length : found
    const piece = separator === ';' ? text.slice(start, end).trim() : text.slice(start, end)
    start = end + 1
    if (piece === '') continue
    if (count++ === pairsMax) return { values, isCut: true }
    const equals = piece.indexOf('=')
    const rawName = equals < 0 ? piece : piece.slice(0, equals)
    const value = equals < 0 ? '' : piece.slice(equals + 1)
    const name = unescape(rawName)
    const key = name.ok ? name.value : rawName
    const known = values.get(key)
    const read = separator === ';' ? value.replace(/^"(.*)"$/, '$1') : value
    if (known === undefined) values.set(key, [read])
    else known.push(read)
  }
  return { values, isCut: false }
}
