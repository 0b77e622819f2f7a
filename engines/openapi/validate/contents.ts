/**
 * A `content` map compiled: which declared range a Content-Type falls under, and what is wrong with bytes of that type.
 *
 * Promises that what is validated is what any strict reader sees: UTF-8, one value a name, bounded depth. Types that are
 * declared and not understood (XML, files) are judged by their type alone.
 */
import { findingsOf } from '../compile/run.ts'
import {
  compileRanges,
  FORM,
  isJson,
  isText,
  type MediaType,
  MULTIPART,
  parseMediaType,
} from '../media-types.ts'
import { shapeOf } from '../parameters/value-shape.ts'
import type { ContentProfile, MediaTypeProfile } from '../profile-content.ts'
import { violation, type Violation } from '../violations.ts'
import { bodyViolation, type BodyReader, type CompiledContent } from './body-reader.ts'
import { readForm } from './form-body.ts'
import { readJson } from './json-body.ts'
import { readMultipart } from './multipart-body.ts'
import type { RequestBody } from './request.ts'
import { readText } from './text-body.ts'
import type { SchemaSet } from './schema-set.ts'

type Sent = {
  readonly body: Exclude<RequestBody, { kind: 'none' }>
  readonly contentType: string | null
}

/** What is wrong with a body of a type; empty when nothing is, or nothing can be said. */
export type CheckContents = (sent: Sent) => readonly Violation[]

export function compileContents(profile: ContentProfile, schemas: SchemaSet): CheckContents {
  const contents = new Map(
    Object.entries(profile).map(([range, mediaType]) => [
      range,
      mediaType === null ? null : compileContent(mediaType, schemas),
    ]),
  )
  // The document says nothing about the type, nor about what is in it.
  if (contents.size === 1 && contents.get('*/*') === null) return () => []
  const findRange = compileRanges([...contents.keys()])
  const ofNoType = jsonAmong([...contents.keys()])
  const assumed = findRange(ofNoType) === null ? null : ofNoType
  return ({ body, contentType }) => {
    const isTyped = contentType !== null && contentType.trim() !== ''
    const mediaType = isTyped ? parseMediaType(contentType) : assumed
    if (mediaType === null) return [bodyViolation('bad_content_type')]
    const range = findRange(mediaType)
    if (range === null) return [bodyViolation('media_type')]
    const content = contents.get(range) ?? null
    const read = content === null ? null : readerOf(mediaType.essence, content)
    if (content === null || read === null) return []
    // Text is UTF-8 between systems (RFC 8259 §8.1); another charset would be read differently behind us.
    const charset = mediaType.parameters.get('charset')
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
      return [bodyViolation('media_type_parameter')]
    }
    if (body.kind === 'too_large') return [bodyViolation('too_large')]
    return checkValue(content, read(body.bytes, mediaType, content))
  }
}

/**
 * RFC 9110 §8.3: what has no type may be examined. Where JSON is taken, that is what an origin makes of it, so it must conform.
 */
function jsonAmong(ranges: readonly string[]): MediaType {
  const declared = ranges.map(parseMediaType).find((range) => isJson(range?.essence ?? ''))
  return declared ?? { essence: 'application/json', parameters: new Map() }
}

function compileContent(
  { schema, encoding = {} }: MediaTypeProfile,
  schemas: SchemaSet,
): CompiledContent {
  return {
    isOpen: schema === true,
    check: schemas.compile(schema),
    shape: shapeOf(schema, schemas.resolve),
    encoding: new Map(
      Object.entries(encoding).map(([name, each]) => [
        name,
        {
          ...each,
          isAllowed: each.content_types === undefined ? null : compileRanges(each.content_types),
        },
      ]),
    ),
  }
}

/** `null` when there is nothing to look into. */
function readerOf(essence: string, content: CompiledContent): BodyReader | null {
  if (isJson(essence)) return readJson
  // Whatever the bytes are, they conform.
  if (content.isOpen) return null
  if (essence === FORM) return readForm
  if (essence === MULTIPART) return readMultipart
  const isTextual = content.shape.kinds.includes('string')
  if (isText(essence)) return isTextual || isScalar(content) ? readText : readJson
  // A wildcard let this type in, and its schema speaks of values: the origin may well take the bytes for JSON.
  return isTextual ? null : readJson
}

function isScalar({ shape: { kinds } }: CompiledContent): boolean {
  return !kinds.includes('object') && !kinds.includes('array')
}

function checkValue(content: CompiledContent, value: ReturnType<BodyReader>): readonly Violation[] {
  if (!value.ok) return value.error
  const [preferred, ...others] = value.value
  const findings = findingsOf(content.check, preferred)
  const conforms = others.some((other) => findingsOf(content.check, other).length === 0)
  if (findings.length === 0 || conforms) return []
  return findings.map(({ kind, target, argument }) =>
    violation(kind, { location: 'body', target }, argument),
  )
}
