/**
 * One spelling for what a client is counted and remembered by. An API takes `a%62c` for `abc`, and `bearer` for `Bearer`: counted
 * as they stand, each spelling would have a limit of its own.
 */
import type { Value } from '#engines/expressions'
import { hostWithoutPort } from '#engines/paths'

type Spelling = (text: string) => string

/** Of what a field holds, or the entry of one that is a map; null when there is only one anyway. */
export function spellingOf(field: string, entry: string | undefined): Spelling | null {
  switch (field.replace(/^raw\./, '')) {
    case 'http.host':
      return hostWithoutPort
    case 'http.request.uri.args':
    case 'http.request.uri.query':
      return (text) => unescaped(text.replaceAll('+', ' '))
    case 'http.request.cookies':
      return cookieSpelling
    case 'http.request.headers':
      return headerSpelling(entry ?? '')
    default:
      return null
  }
}

/** Quotes around the value are syntax (RFC 6265 §4.1.1), and most servers undo escapes. */
export function cookieSpelling(text: string): string {
  const inner = /^"(.*)"$/s.exec(text)?.[1] ?? text
  return unescaped(inner)
}

/** By lower-case name. */
export function headerSpelling(name: string): Spelling | null {
  return name === 'authorization' || name === 'proxy-authorization' ? credentialSpelling : null
}

/** The scheme in whatever case and with as many spaces behind it as one likes (RFC 9110 §11.4). */
function credentialSpelling(text: string): string {
  const [, scheme = '', credential = ''] = /^\s*(\S+)\s+(.*)$/s.exec(text) ?? []
  return scheme === '' ? text : `${scheme.toLowerCase()} ${credential.trim()}`
}

/**
 * The value in one spelling. A map's entry may be there several times: which of them the API takes is not known, so all
 * requests with different ones are counted as one. Else whoever adds a made-up one would have a counter of his own.
 */
export function oneSpelling(value: Value, spelling: Spelling): Value {
  if (typeof value === 'string') return spelling(value)
  if (!isArray(value)) return value
  const spelt = new Set(value.map((each) => (typeof each === 'string' ? spelling(each) : each)))
  return spelt.size > 1 ? [] : [...spelt]
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

function unescaped(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run.toUpperCase()
    }
  })
}
