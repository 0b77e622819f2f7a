/**
 * Reads a JSON body: bounded in bytes and depth before it is parsed, then checked against a schema. Every issue becomes
 * a problem with a JSON pointer. Members that a schema does not name are tolerated, as Cloudflare does.
 */
import * as z from 'zod/mini'
import { err, ok, type Result } from '#engines/result'
import { joinChunks } from '../chunks.ts'
import { problem, type Problems } from './envelope.ts'
import { LIMITS } from './limits.ts'

/** The body as the schema's type; `bytesMax` is for the calls that carry whole documents. */
export async function readBody<T>(
  request: Request,
  schema: z.ZodMiniType<T>,
  bytesMax: number = LIMITS.bodyBytesMax,
): Promise<Result<T, Problems>> {
  const text = await readText(request, bytesMax)
  if (!text.ok) return text
  if (isDeeperThan(text.value, LIMITS.bodyDepthMax)) {
    return problem('body_too_deep', `More than ${LIMITS.bodyDepthMax} levels.`)
  }
  const value = parseJson(text.value)
  if (!value.ok) return value
  const checked = z.safeParse(schema, value.value, { error: describeIssue })
  if (checked.success) return ok(checked.data)
  return err(
    checked.error.issues.map(({ message, path }) => ({
      error: 'invalid_body',
      message,
      pointer: jsonPointer(path),
    })),
  )
}

/** The whole body as it is; of one that is larger what is beyond the bound is left unread. */
export async function readBytes(
  request: Request,
  bytesMax: number,
): Promise<Result<Uint8Array<ArrayBuffer>, Problems>> {
  const tooLarge = problem('body_too_large', `More than ${bytesMax} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return tooLarge
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength
    if (length > bytesMax) return tooLarge
    chunks.push(chunk)
  }
  return ok(joinChunks(chunks, length))
}

/** RFC 6901. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

async function readText(request: Request, bytesMax: number): Promise<Result<string, Problems>> {
  if (request.body === null) return problem('malformed_request', 'The request has no body.')
  const bytes = await readBytes(request, bytesMax)
  if (!bytes.ok) return bytes
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value))
  } catch (cause) {
    if (cause instanceof TypeError) return problem('malformed_request', 'The body is not UTF-8.')
    throw cause
  }
}

function parseJson(text: string): Result<unknown, Problems> {
  try {
    return ok(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : String(cause)
    return problem('malformed_request', `The request body is not valid JSON: ${reason}`)
  }
}

/** Counts brackets outside strings, so that JSON.parse never meets more levels than it is meant to. */
function isDeeperThan(text: string, levelsMax: number): boolean {
  let level = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const unit = text[i]
    if (inString) {
      if (unit === '\\') i++
      else if (unit === '"') inString = false
    } else if (unit === '"') {
      inString = true
    } else if (unit === '{' || unit === '[') {
      if (++level > levelsMax) return true
    } else if (unit === '}' || unit === ']') {
      level--
    }
  }
  return false
}

/** zod/mini carries no texts of its own. A check with an `error` keeps that. */
function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'This member is required.'
        : `This must be of type ${issue.expected}.`
    case 'invalid_value':
      return `This must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`
    case 'too_small':
      return `This must be at least ${issue.minimum}${unitOf(issue.origin)}.`
    case 'too_big':
      return `This must be at most ${issue.maximum}${unitOf(issue.origin)}.`
    case 'invalid_union':
      return 'This has none of the allowed forms.'
    case 'unrecognized_keys':
      return `Not known here: ${issue.keys.join(', ')}.`
    case 'invalid_key':
    case 'invalid_element':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'custom':
      return 'This is not valid.'
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long'
  return origin === 'array' ? ' items long' : ''
}
