/**
 * Bodies: the media type first, then the body as that type against its schema.
 *
 * Promises that what is validated is what any strict reader sees: UTF-8, one value a name, bounded depth. A body of a type
 * that the operation does not declare is a violation, so no header keeps a body from being looked into. Types that are
 * declared and not understood (XML, files) are judged by their type alone; an undeclared body is not looked at.
 */
import { findingsOf } from '../compile/run.ts'
import { compileSchema, referenceName } from '../compile/schema.ts'
import { member } from '../json-value.ts'
import {
  findRange,
  FORM,
  isJson,
  isText,
  type MediaType,
  MULTIPART,
  parseMediaType,
} from '../media-types.ts'
import { shapeOf } from '../parameters/value-shape.ts'
import type { BodyProfile, MediaTypeProfile, SchemaProfile } from '../profile.ts'
import { violation, type Violation } from '../violations.ts'
import { bodyViolation, type BodyReader, type CompiledContent } from './body-reader.ts'
import { readForm } from './form-body.ts'
import { readJson } from './json-body.ts'
import { readMultipart } from './multipart-body.ts'
import type { RequestBody, RequestParts } from './request.ts'
import { readText } from './text-body.ts'

/** Compiles the body of an operation. */
export function compileBody(
  body: BodyProfile | null,
  schemas: SchemaProfile['schemas'],
): (request: Pick<RequestParts, 'body' | 'contentType'>) => readonly Violation[] {
  if (body === null) return () => []
  const contents = new Map(
    Object.entries(body.content).map(([range, mediaType]) => [
      range,
      mediaType === null ? null : compileContent(mediaType, schemas),
    ]),
  )
  const compiled = { required: body.required, contents, ranges: [...contents.keys()] }
  return (request) => checkBody(compiled, request)
}

function compileContent(
  { schema, encoding = {} }: MediaTypeProfile,
  schemas: SchemaProfile['schemas'],
): CompiledContent {
  const resolve = (ref: string) => member(schemas, referenceName(ref) ?? '')
  return {
    isOpen: schema === true,
    check: compileSchema(schema, schemas),
    shape: shapeOf(schema, resolve),
    encoding,
  }
}

type CompiledBody = {
  readonly required: boolean
  readonly contents: ReadonlyMap<string, CompiledContent | null>
  readonly ranges: readonly string[]
}

function checkBody(
  { required, contents, ranges }: CompiledBody,
  { body, contentType }: Pick<RequestParts, 'body' | 'contentType'>,
): readonly Violation[] {
  if (isEmpty(body)) return required ? [bodyViolation('missing')] : []
  const mediaType = parseMediaType(contentType ?? '')
  if (mediaType === null) return [bodyViolation('bad_content_type')]
  const range = findRange(mediaType.essence, ranges)
  if (range === null) return [bodyViolation('media_type')]
  const content = contents.get(range) ?? null
  if (content === null) return []
  const read = readerOf(mediaType.essence, content)
  if (read === null) return []
  // Text is UTF-8 between systems (RFC 8259 §8.1); another charset would be read differently behind us.
  const charset = mediaType.parameters.get('charset')
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    return [bodyViolation('media_type_parameter')]
  }
  if (body.kind === 'too_large') return [bodyViolation('too_large')]
  return body.kind === 'none' ? [] : checkBytes(read, content, { bytes: body.bytes, mediaType })
}

function isEmpty(body: RequestBody): boolean {
  return body.kind === 'none' || (body.kind === 'bytes' && body.bytes.length === 0)
}

/** `null` when there is nothing to look into. */
function readerOf(essence: string, content: CompiledContent): BodyReader | null {
  if (isJson(essence)) return readJson
  // Whatever the bytes are, they conform.
  if (content.isOpen) return null
  if (essence === FORM) return readForm
  if (essence === MULTIPART) return readMultipart
  if (isText(essence)) return readText
  // A wildcard let this type in, and its schema speaks of values: the origin may well take the bytes for JSON.
  return content.shape.kinds.includes('string') ? null : readJson
}

type Sent = { readonly bytes: Uint8Array; readonly mediaType: MediaType }

function checkBytes(
  read: BodyReader,
  content: CompiledContent,
  { bytes, mediaType }: Sent,
): readonly Violation[] {
  const value = read(bytes, mediaType, content)
  if (!value.ok) return value.error
  const [preferred, ...others] = value.value
  const findings = findingsOf(content.check, preferred)
  const conforms = others.some((other) => findingsOf(content.check, other).length === 0)
  if (findings.length === 0 || conforms) return []
  return findings.map(({ kind, target, argument }) =>
    violation(kind, { location: 'body', target }, argument),
  )
}
