/**
 * Reads a HAR 1.2 file, as browsers and proxies export it: one JSON value, so it is read whole. Every entry stands by
 * itself; one that cannot be used does not take the others with it.
 */
import { err, ok, type Result } from '#engines/result'
import type { TrafficError } from './error.ts'
import { trafficLimits } from './limits.ts'
import {
  type HeaderPair,
  isObject,
  type JsonObject,
  parseJson,
  readMethod,
  readStatus,
  readUrl,
  refuse,
  toHeaders,
} from './members.ts'
import type { RecordedHeaders, RecordedRequest } from './recorded-request.ts'
import { parseRfc3339 } from './timestamps.ts'

export type HarEntry = Result<RecordedRequest, TrafficError>

/** The entries in their order. */
export function readHar(
  text: string,
  charactersMax: number = trafficLimits.harCharactersMax,
): Result<readonly HarEntry[], TrafficError> {
  if (text.length > charactersMax) return err({ reason: 'har_too_long', charactersMax })
  const json = parseJson(text)
  if (!json.ok) return json
  const log = isObject(json.value) ? json.value['log'] : undefined
  const entries = isObject(log) ? log['entries'] : undefined
  return Array.isArray(entries)
    ? ok(entries.map((entry: unknown) => readEntry(entry)))
    : err({ reason: 'not_a_har' })
}

function readEntry(entry: unknown): HarEntry {
  if (!isObject(entry)) return refuse('entry', 'an object')
  const { request, response, startedDateTime, timings } = entry
  if (!isObject(request)) return refuse('request', 'an object')
  if (!isObject(response)) return refuse('response', 'an object')
  const timeMs = typeof startedDateTime === 'string' ? parseRfc3339(startedDateTime) : null
  if (timeMs === null) return refuse('startedDateTime', 'a time such as 2026-01-01T12:00:00.000Z')
  const method = readMethod('request.method', request['method'])
  if (!method.ok) return method
  const url = readUrl('request.url', request['url'])
  if (!url.ok) return url
  const status = readStatus('response.status', response['status'])
  if (!status.ok) return status
  const requestHeaders = readHeaders('request.headers', request['headers'])
  if (!requestHeaders.ok) return requestHeaders
  const responseHeaders = readHeaders('response.headers', response['headers'])
  if (!responseHeaders.ok) return responseHeaders
  const body = bodyOf(request['postData'])
  const bytes = amount(response, 'bodySize') ?? amount(response['content'], 'size')
  const originMs = amount(timings, 'wait')
  return ok({
    time_ms: timeMs,
    method: method.value,
    url: url.value,
    status: status.value,
    request_headers: requestHeaders.value,
    ...(body === null ? {} : { request_body: body }),
    response_headers: responseHeaders.value,
    ...(bytes === null ? {} : { response_bytes: bytes }),
    ...(originMs === null ? {} : { origin_ms: originMs }),
  })
}

function readHeaders(member: string, value: unknown): Result<RecordedHeaders, TrafficError> {
  if (!Array.isArray(value)) return refuse(member, 'a list')
  const pairs = value.map((item: unknown) => pairOf(item))
  return pairs.every((pair) => pair !== null)
    ? toHeaders(member, pairs)
    : refuse(member, 'a list of names and values')
}

function pairOf(item: unknown): HeaderPair | null {
  if (!isObject(item)) return null
  const { name, value } = item
  return typeof name === 'string' && typeof value === 'string' ? { name, value } : null
}

/** Exporters write `text`, `params`, or both; null when they wrote neither. */
function bodyOf(postData: unknown): string | null {
  if (!isObject(postData)) return null
  const { text, params } = postData
  if (typeof text === 'string' && text !== '') return text
  if (Array.isArray(params) && params.length > 0 && isForm(postData)) {
    const pairs = params.map((item: unknown) => pairOf(item))
    return pairs
      .flatMap((pair) => (pair === null ? [] : [`${encode(pair.name)}=${encode(pair.value)}`]))
      .join('&')
  }
  return typeof text === 'string' ? text : null
}

function isForm(postData: JsonObject): boolean {
  const { mimeType } = postData
  return typeof mimeType === 'string' && mimeType.startsWith('application/x-www-form-urlencoded')
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+')
}

/** HAR writes -1 for what it does not know. */
function amount(value: unknown, member: string): number | null {
  const given = isObject(value) ? value[member] : undefined
  return typeof given === 'number' && Number.isFinite(given) && given >= 0 ? given : null
}
