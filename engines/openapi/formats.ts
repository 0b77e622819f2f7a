/**
 * The formats that are validated, each for the JSON type it speaks about.
 *
 * Promises that a format says nothing about values of another type, and that its work is linear in the text (callers bound
 * it by `patternCharsMax`). Formats not listed here are annotations.
 */
import { isIpv4, isIpv6 } from './formats/address.ts'
import { isDate, isDateTime, isDuration, isTime } from './formats/date-time.ts'
import { isEmail, isHostname, isIdnEmail, isIdnHostname } from './formats/hostname.ts'
import { isIri, isIriReference, isUri, isUriReference, isUriTemplate } from './formats/uri.ts'

export type Format =
  | { readonly type: 'string'; test(this: void, value: string): boolean }
  | { readonly type: 'number'; test(this: void, value: number): boolean }

/** The format of a name, or null when it is not checked. */
export function formatNamed(name: string): Format | null {
  return formats.get(name) ?? null
}

/** Formats that are known and hold for every value of their type. */
export function isAnnotationFormat(name: string): boolean {
  return name === 'password' || name === 'binary'
}

const INT32 = 2 ** 31
const INT64 = 2 ** 63
const FLOAT_MAX = 3.4028234663852886e38

const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['int32', number((n) => Number.isInteger(n) && n >= -INT32 && n < INT32)],
  // Beyond 2^53 a JSON number is already rounded: the bounds are checked on the rounded value.
  ['int64', number((n) => Number.isInteger(n) && n >= -INT64 && n < INT64)],
  ['uint64', number((n) => Number.isInteger(n) && n >= 0 && n < 2 * INT64)],
  ['float', number((n) => Math.abs(n) <= FLOAT_MAX)],
  ['double', number(Number.isFinite)],
  ['byte', matching(/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/)],
  ['date', string(isDate)],
  ['time', string(isTime)],
  ['date-time', string(isDateTime)],
  ['duration', string(isDuration)],
  ['ipv4', string(isIpv4)],
  ['ipv6', string(isIpv6)],
  ['hostname', string(isHostname)],
  ['idn-hostname', string(isIdnHostname)],
  ['email', string(isEmail)],
  ['idn-email', string(isIdnEmail)],
  ['uri', string(isUri)],
  ['uri-reference', string(isUriReference)],
  ['iri', string(isIri)],
  ['iri-reference', string(isIriReference)],
  ['uri-template', string(isUriTemplate)],
  ['uuid', matching(/^[\da-fA-F]{8}-(?:[\da-fA-F]{4}-){3}[\da-fA-F]{12}$/)],
  ['json-pointer', matching(/^(?:\/(?:[^~/]|~[01])*)*$/)],
  ['relative-json-pointer', matching(/^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^~/]|~[01])*)*)$/)],
  ['regex', string(isRegex)],
])

function number(test: (value: number) => boolean): Format {
  return { type: 'number', test }
}

function string(test: (value: string) => boolean): Format {
  return { type: 'string', test }
}

function matching(pattern: RegExp): Format {
  return string((text) => pattern.test(text))
}

/** ECMA-262 with the flag `u`, as JSON Schema asks for (2020-12 core §6.4): only compiled, never run. */
function isRegex(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    // The constructor's way to say no.
    return false
  }
}
