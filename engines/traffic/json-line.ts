/**
 * Reads a line of our own recordings: JSON with the members of `RecordedRequest`. Members that it does not know are left
 * out; a known one of the wrong type is refused by its name.
 */
import { err, ok, type Result } from '#engines/result'
import type { TrafficError } from './error.ts'
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

export function readJsonLine(text: string): Result<RecordedRequest, TrafficError> {
  const json = parseJson(text)
  if (!json.ok) return json
  if (!isObject(json.value)) return err({ reason: 'not_json' })
  const line = json.value
  const time = readAmount(line, 'time_ms')
  if (!time.ok) return time
  if (time.value === undefined) return refuse('time_ms', AMOUNT)
  const method = readMethod('method', line['method'])
  if (!method.ok) return method
  const url = readUrl('url', line['url'])
  if (!url.ok) return url
  const status = readStatus('status', line['status'])
  if (!status.ok) return status
  const headers = readHeaders('request_headers', line['request_headers'])
  if (!headers.ok) return headers
  const rest = readRest(line)
  if (!rest.ok) return rest
  return ok({
    time_ms: time.value,
    method: method.value,
    url: url.value,
    status: status.value,
    request_headers: headers.value,
    ...rest.value,
  })
}

const AMOUNT = 'a number that is not negative'

/** Undefined when the member is absent or null. */
function readAmount(line: JsonObject, member: string): Result<number | undefined, TrafficError> {
  const value = line[member] ?? undefined
  if (value === undefined) return ok(value)
  const isAmount = typeof value === 'number' && Number.isFinite(value) && value >= 0
  return isAmount ? ok(value) : refuse(member, AMOUNT)
}

function readText(line: JsonObject, member: string): Result<string | undefined, TrafficError> {
  const value = line[member] ?? undefined
  if (value === undefined || typeof value === 'string') return ok(value)
  return refuse(member, 'text')
}

/** An object of a text, or a list of texts, for every name. */
function readHeaders(member: string, value: unknown): Result<RecordedHeaders, TrafficError> {
  if (!isObject(value)) return refuse(member, 'an object')
  const pairs: HeaderPair[] = []
  for (const [name, given] of Object.entries(value)) {
    for (const each of Array.isArray(given) ? given : [given]) {
      if (typeof each !== 'string') return refuse(`${member}.${name.slice(0, 64)}`, 'text')
      pairs.push({ name, value: each })
    }
  }
  return toHeaders(member, pairs)
}

type Rest = Omit<RecordedRequest, 'time_ms' | 'method' | 'url' | 'status' | 'request_headers'>

function readRest(line: JsonObject): Result<Rest, TrafficError> {
  const body = readText(line, 'request_body')
  if (!body.ok) return body
  const given = line['response_headers'] ?? undefined
  const headers =
    given === undefined
      ? ok<RecordedHeaders | undefined>(given)
      : readHeaders('response_headers', given)
  if (!headers.ok) return headers
  const bytes = readAmount(line, 'response_bytes')
  if (!bytes.ok) return bytes
  const originMs = readAmount(line, 'origin_ms')
  if (!originMs.ok) return originMs
  const clientIp = readText(line, 'client_ip')
  if (!clientIp.ok) return clientIp
  return ok({
    ...(body.value === undefined ? {} : { request_body: body.value }),
    ...(headers.value === undefined ? {} : { response_headers: headers.value }),
    ...(bytes.value === undefined ? {} : { response_bytes: bytes.value }),
    ...(originMs.value === undefined ? {} : { origin_ms: originMs.value }),
    ...(clientIp.value === undefined ? {} : { client_ip: clientIp.value }),
  })
}
