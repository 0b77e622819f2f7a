/**
 * Bodies: the media type first, then JSON against its schema.
 *
 * Promises that what is validated is what any strict reader sees: UTF-8, one value a name, bounded
 * depth. Declared media types other than JSON pass unvalidated. An undeclared body is not looked at.
 */
import { findingsOf, type Check } from '../compile/run.ts'
import { compileSchema } from '../compile/schema.ts'
import { parseJson, type JsonTextError } from '../json-text.ts'
import { requestLimits } from '../limits.ts'
import { findRange, isJson, parseMediaType } from '../media-types.ts'
import type { BodyProfile, SchemaProfile } from '../profile.ts'
import { violation, type FindingKind, type Violation } from '../violations.ts'
import type { RequestParts } from './request.ts'

/** Compiles the body of an operation. */
export function compileBody(
  body: BodyProfile | null,
  schemas: SchemaProfile['schemas'],
): (request: RequestParts) => readonly Violation[] {
  if (body === null) return () => []
  const checks = new Map(
    Object.entries(body.content).map(([range, schema]) => [
      range,
      schema === null ? null : compileSchema(schema, schemas),
    ]),
  )
  const compiled = { required: body.required, checks, ranges: [...checks.keys()] }
  return (request) => checkBody(compiled, request)
}

type CompiledBody = {
  readonly required: boolean
  readonly checks: ReadonlyMap<string, Check | null>
  readonly ranges: readonly string[]
}

function checkBody(
  compiled: CompiledBody,
  { body, contentType }: RequestParts,
): readonly Violation[] {
  if (body.kind === 'none' || (body.kind === 'bytes' && body.bytes.length === 0)) {
    return compiled.required ? [found('missing')] : []
  }
  const mediaType = parseMediaType(contentType ?? '')
  if (mediaType === null) return [found('bad_content_type')]
  const range = findRange(mediaType.essence, compiled.ranges)
  if (range === null) return [found('media_type')]
  const check = compiled.checks.get(range) ?? null
  if (check === null || !isJson(mediaType.essence)) return []
  // JSON is UTF-8 between systems (RFC 8259 §8.1); another charset would be read differently behind us.
  const charset = mediaType.parameters.get('charset')
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) return [found('media_type_parameter')]
  if (body.kind === 'too_large') return [found('too_large')]
  return checkJson(check, body.bytes)
}

// Fatal, so that no byte sequence is silently replaced; a byte order mark is no JSON (RFC 8259 §8.1).
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function checkJson(check: Check, bytes: Uint8Array): readonly Violation[] {
  const text = decode(bytes)
  if (text === null) return [found('not_utf8')]
  const { bodyDepthMax, bodyKeysMax } = requestLimits
  const json = parseJson(text, { depthMax: bodyDepthMax, keysMax: bodyKeysMax })
  if (!json.ok) return [jsonViolation(json.error)]
  return findingsOf(check, json.value).map(({ kind, target, argument }) =>
    violation(kind, { location: 'body', target }, argument),
  )
}

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    // The only way to fail is a byte sequence that is not UTF-8, which the caller reports.
    return null
  }
}

function jsonViolation(error: JsonTextError): Violation {
  const { targetCharsMax } = requestLimits
  if (error.reason === 'too_many_keys') return found('too_many_keys', String(error.keysMax))
  if (error.reason === 'duplicate_key') {
    return found('duplicate_key', JSON.stringify(error.key.slice(0, targetCharsMax)))
  }
  return found(error.reason === 'too_deep' ? 'too_deep' : 'bad_json')
}

function found(kind: FindingKind, argument = ''): Violation {
  return violation(kind, { location: 'body', target: '$' }, argument)
}
