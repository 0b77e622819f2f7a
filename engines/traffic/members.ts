/** Checks of JSON members that readers of recordings share. A refusal names the member and what it must be. */
import { err, ok, type Result } from '#engines/result'
import type { TrafficError } from './error.ts'
import { trafficLimits as limits } from './limits.ts'
import type { RecordedHeaders } from './recorded-request.ts'

export type JsonObject = { readonly [name: string]: unknown }

export function parseJson(text: string): Result<unknown, TrafficError> {
  try {
    const value: unknown = JSON.parse(text)
    return ok(value)
  } catch {
    // JSON.parse has no other way to say so.
    return err({ reason: 'not_json' })
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function refuse(
  member: string,
  expected: string,
): { readonly ok: false; readonly error: TrafficError } {
  return err({ reason: 'bad_member', member, expected })
}

/** RFC 9110 §9.1: a method is a token. */
export function readMethod(member: string, value: unknown): Result<string, TrafficError> {
  const isToken =
    typeof value === 'string' && value.length <= 64 && /^[\w!#$%&'*+.^`|~-]+$/.test(value)
  return isToken ? ok(value) : refuse(member, 'an HTTP method')
}

/** An http(s) URL or a path, without its fragment. WebSockets begin as HTTP and count as such. */
export function readUrl(member: string, value: unknown): Result<string, TrafficError> {
  if (typeof value !== 'string') return refuse(member, 'a URL or a path that begins with /')
  if (value.length > limits.urlCharactersMax)
    return refuse(member, `at most ${limits.urlCharactersMax} characters long`)
  const mark = value.indexOf('#')
  const url = mark === -1 ? value : value.slice(0, mark)
  if (url.startsWith('/') || /^https?:\/\/[^/?]/i.test(url)) return ok(url)
  if (/^wss?:\/\/[^/?]/i.test(url)) return ok(`http${url.slice(2)}`)
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]
  return scheme === undefined || /^(?:https?|wss?)$/i.test(scheme)
    ? refuse(member, 'a URL or a path that begins with /')
    : err({ reason: 'not_http', scheme: scheme.slice(0, 32) })
}

/** 100 to 999, and 0 for an exchange without a response. */
export function readStatus(member: string, value: unknown): Result<number, TrafficError> {
  const isStatus =
    typeof value === 'number' &&
    Number.isInteger(value) &&
    (value === 0 || (value >= 100 && value <= 999))
  return isStatus ? ok(value) : refuse(member, 'a status code')
}

export type HeaderPair = { readonly name: string; readonly value: string }

/** Joins pairs into headers; HTTP/2 pseudo-headers (RFC 9113 §8.3), which browsers record, are left out. */
export function toHeaders(
  member: string,
  pairs: readonly HeaderPair[],
): Result<RecordedHeaders, TrafficError> {
  if (pairs.length > limits.headersMax)
    return refuse(member, `at most ${limits.headersMax} headers`)
  const headers = new Map<string, string>()
  let characters = 0
  for (const { name: given, value } of pairs) {
    characters += given.length + value.length
    const name = given.toLowerCase()
    if (name.startsWith(':')) continue
    const before = headers.get(name)
    const separator = name === 'cookie' ? '; ' : ', '
    headers.set(name, before === undefined ? value : `${before}${separator}${value}`)
  }
  if (characters > limits.headerCharactersMax)
    return refuse(member, `at most ${limits.headerCharactersMax} characters in all`)
  return ok(Object.fromEntries(headers))
}
