/** `graphql`: the size and depth of GraphQL requests, as rules see them. */
import { createGraphqlMeasurer, type GraphqlMeasurer } from '#engines/graphql'
import { err, ok, type Result } from '#engines/result'
import type { Command } from '../command.ts'
import { type Answer, answerJsonLines, type JsonObject } from '../json-lines.ts'

export const graphql: Command = {
  name: 'graphql',
  summary: 'Measures GraphQL requests',
  operands: null,
  options: {},
  help: `Reads JSON lines {"content_type": "application/json", "body": "…"}. Optional are "method" (POST), "query_string", the part of
the URL behind the question mark, and "body_base64" in place of "body". The body of multipart/form-data is its part named
operations.
Prints for each, in order, {"parsed_successfully": true, "query_size": 4, "query_depth": 2, …, "operations": [{…}]}, or
{"parsed_successfully": false, "reason": "unexpected_end", "offset": 17, …}.
Exit 1 when a request is not parsed, 2 when a line is not understood.`,
  run(_call, io) {
    const measurer = createGraphqlMeasurer()
    return answerJsonLines(io, (row) => measure(measurer, row))
  },
}

function measure(measurer: GraphqlMeasurer, row: JsonObject): Answer {
  const { content_type: contentType = null, method = 'POST', query_string: query = '' } = row
  if (contentType !== null && typeof contentType !== 'string') {
    return err('content_type must be text')
  }
  if (typeof method !== 'string') return err('method must be text')
  if (typeof query !== 'string') return err('query_string must be text')
  const body = readBody(row)
  if (!body.ok) return body
  const description = measurer.describe({ method, contentType, query, body: body.value })
  return ok({ row: description, finding: !description.parsed_successfully })
}

function readBody({ body, body_base64: base64 }: JsonObject): Result<Uint8Array | null, string> {
  if (body !== undefined && body !== null) {
    return typeof body === 'string' ? ok(encode(body)) : err('body must be text')
  }
  if (base64 === undefined || base64 === null) return ok(null)
  if (typeof base64 !== 'string') return err('body_base64 must be text')
  try {
    return ok(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
  } catch {
    // atob has no other way to say so.
    return err('body_base64 is not base64')
  }
}

const encoder = new TextEncoder()

/** UTF-8, and half a surrogate pair as three bytes that no UTF-8 has: it must not become a character on the way. */
function encode(text: string): Uint8Array {
  const whole = encoder.encode(text)
  if (text.isWellFormed()) return whole
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0xd800 || code > 0xdfff) bytes.push(...encoder.encode(character))
    else bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
  }
  return Uint8Array.from(bytes)
}
