/** `graphql`: the size and depth of GraphQL requests, as rules see them. */
import { readFile, stat } from 'node:fs/promises'
import {
  compileCostSchema,
  type CostSchema,
  createGraphqlMeasurer,
  GRAPHQL_REASONS,
  type GraphqlMeasurer,
} from '#engines/graphql'
import { err, ok, type Result } from '#engines/result'
import type { Command } from '../command.ts'
import { type Answer, answerJsonLines, type JsonObject } from '../json-lines.ts'
import { cliLimits } from '../limits.ts'

export const graphql: Command = {
  name: 'graphql',
  summary: 'Measures GraphQL requests',
  operands: null,
  options: { schema: { value: 'FILE', summary: 'a schema (SDL) that query_cost is counted by' } },
  help: `Reads JSON lines {"content_type": "application/json", "body": "…"}. Optional are "method" (POST), "query_string", the part of
the URL behind the question mark, and "body_base64" in place of "body". The body of multipart/form-data is its part named
operations.
Prints for each, in order, {"parsed_successfully": true, "query_size": 4, "query_depth": 2, …, "operations": [{…}]}, or
{"parsed_successfully": false, "reason": "unexpected_end", "offset": 17, "message": "…", …}.
Exit 1 when a request is not parsed, 2 when a line is not understood.`,
  async run({ values }, io) {
    const path = values.get('schema')
    const schema = path === undefined ? ok(undefined) : await readCostSchema(path)
    if (!schema.ok) {
      io.tell(schema.error)
      return 2
    }
    const measurer = createGraphqlMeasurer()
    return answerJsonLines(io, (row) => measure({ measurer, schema: schema.value }, row))
  },
}

async function readCostSchema(path: string): Promise<Result<CostSchema, string>> {
  const status = await stat(path).catch(() => null)
  if (status === null || !status.isFile()) return err(`${path} is no file that can be read`)
  if (status.size > cliLimits.schemaBytesMax) {
    return err(`${path} has more than ${cliLimits.schemaBytesMax} bytes`)
  }
  const compiled = compileCostSchema(await readFile(path, 'utf8'))
  if (compiled.ok) return compiled
  const { line, column, message } = compiled.error
  return err(`${path}:${line}:${column}: ${message}`)
}

type Means = { readonly measurer: GraphqlMeasurer; readonly schema: CostSchema | undefined }

function measure({ measurer, schema }: Means, row: JsonObject): Answer {
  const { content_type: contentType = null, method = 'POST', query_string: query = '' } = row
  if (contentType !== null && typeof contentType !== 'string') {
    return err('content_type must be text')
  }
  if (typeof method !== 'string') return err('method must be text')
  if (typeof query !== 'string') return err('query_string must be text')
  const body = readBody(row)
  if (!body.ok) return body
  const description = measurer.describe(
    { method, contentType, query, body: body.value },
    { schema },
  )
  const { reason } = description
  if (reason === null) return ok({ row: description, finding: false })
  return ok({ row: { ...description, message: GRAPHQL_REASONS[reason] }, finding: true })
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
