/**
 * The media types of a body as the profile has them. A type of which a schema says nothing that its bytes would show is
 * kept without one, and a note says so.
 */
import type { JsonSchema } from './compile/schema.ts'
import { isObject, member, objectMember, stringMember, type Place } from './json-value.ts'
import { isForm, isStructuredText, parseMediaType } from './media-types.ts'
import type { ParameterStyle } from './parameters/decoder.ts'
import { shapeOf } from './parameters/value-shape.ts'
import type { ProfileContext } from './profile-context.ts'
import { stylesOf } from './profile-parameter.ts'
import { dereference } from './references.ts'

/** By media range in lower case; null passes unvalidated. */
export type ContentProfile = { readonly [mediaRange: string]: MediaTypeProfile | null }

export type MediaTypeProfile = {
  readonly schema: JsonSchema
  /** How the members of a form are written, by their names. */
  readonly encoding?: { readonly [property: string]: EncodingProfile }
}

export type EncodingProfile = {
  /** Media ranges that a part may have; absent: whatever it says. */
  readonly content_types?: readonly string[]
  /** Absent: each value as the default of its type. */
  readonly style?: ParameterStyle
  readonly explode?: boolean
}

/** Compiles a `content` map. */
export function compileContent(
  context: ProfileContext,
  content: unknown,
  place: Place,
): ContentProfile {
  const entries = Object.entries(isObject(content) ? content : {})
  const readable = entries.filter(([range]) => parseMediaType(range) !== null)
  for (const [range] of entries) {
    if (parseMediaType(range) !== null) continue
    context.notes.push({ code: 'invalid_member', detail: range.slice(0, 100), place })
  }
  // Nothing is said about the type then, so any will do.
  if (readable.length === 0) return { '*/*': null }
  return Object.fromEntries(
    readable.map(([range, mediaType]) => [
      range.toLowerCase().trim(),
      compileMediaType(context, { range, mediaType }, [...place, range]),
    ]),
  )
}

type DescribedMediaType = { readonly range: string; readonly mediaType: unknown }

function compileMediaType(
  context: ProfileContext,
  described: DescribedMediaType,
  place: Place,
): MediaTypeProfile | null {
  const { range, mediaType } = described
  if (!isReadable(context, described)) {
    context.notes.push({ code: 'media_type_not_validated', detail: range.slice(0, 100), place })
    return null
  }
  const written = member(mediaType, 'schema')
  const schema =
    written === undefined ? true : context.converter.convert(written, [...place, 'schema'])
  const encoding = Object.entries(objectMember(mediaType, 'encoding')).map(
    ([name, each]) => [name, encodingOf(each)] as const,
  )
  return encoding.length === 0 ? { schema } : { schema, encoding: Object.fromEntries(encoding) }
}

/** Whether the bytes of the type show the values that the schema speaks of. */
function isReadable(context: ProfileContext, { range, mediaType }: DescribedMediaType): boolean {
  const essence = parseMediaType(range)?.essence ?? ''
  if (!context.looksInto(essence)) return false
  const schema = member(mediaType, 'schema')
  if (!isObject(schema) || !(isForm(essence) || isStructuredText(essence))) return true
  const { kinds, names } = shapeOf(schema, ($ref) => dereference(context.root, { $ref }))
  const isObjects = kinds.includes('object') || names.size > 0
  return isForm(essence) ? isObjects : !isObjects && !kinds.includes('array')
}

/** OpenAPI 3.1.1, "Encoding Object". */
function encodingOf(encoding: unknown): EncodingProfile {
  const types = stringMember(encoding, 'contentType')
  const written = stringMember(encoding, 'style')
  const style = stylesOf.query.find((each) => each === written)
  const explode = member(encoding, 'explode')
  return {
    ...(types === undefined
      ? {}
      : { content_types: types.split(',').map((type) => type.trim().toLowerCase()) }),
    ...(style === undefined ? {} : { style }),
    ...(typeof explode === 'boolean' ? { explode } : {}),
  }
}
