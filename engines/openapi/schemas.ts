/**
 * Schemas of a document to JSON Schema 2020-12, for requests or for responses.
 *
 * Promises self-contained plain data: `$ref` only as `#/$defs/{name}` into the shared schemas, every
 * keyword known and of the right type (the rest is left out with a note), OpenAPI 3.0 spelled as
 * 2020-12. What describes and does not constrain is dropped. A property that is `readOnly` may be
 * sent in a request, but is never required there; `writeOnly` likewise in a response.
 */
import { err, ok, type Result } from '#engines/result'
import type { JsonSchema } from './compile/schema.ts'
import { arrayMember, isObject, member, type JsonObject, type Place } from './json-value.ts'
import { checkOperand, keywordKind, type KeywordKind, type OperandError } from './keywords.ts'
import { dereference, pointerTokens, resolvePointer } from './references.ts'
import type { OpenApiVersion } from './shape.ts'
import type { Note } from './warnings.ts'

export type SchemaConverter = {
  convert(schema: unknown, place: Place): JsonSchema
  /** Every schema referred to so far, by name, and what was odd in all of them. */
  finish(): {
    readonly schemas: { readonly [name: string]: JsonSchema }
    readonly notes: readonly Note[]
  }
}

export type SchemaDirection = 'request' | 'response'

/** A converter for the schemas of one document, as they are about requests or about responses. */
export function createSchemaConverter(
  root: JsonObject,
  version: OpenApiVersion,
  direction: SchemaDirection = 'request',
): SchemaConverter {
  const state: State = {
    root,
    version,
    direction,
    names: new Map(),
    taken: new Set(),
    schemas: new Map(),
    pending: [],
    notes: [],
  }
  return {
    convert: (schema, place) => convert(state, schema, place),
    finish() {
      // References found on the way are appended, so the list ends when no new one turns up.
      for (let next = state.pending.pop(); next !== undefined; next = state.pending.pop()) {
        state.schemas.set(next.name, convert(state, resolvePointer(root, next.place), next.place))
      }
      return { schemas: Object.fromEntries(state.schemas), notes: state.notes }
    },
  }
}

type State = {
  readonly root: JsonObject
  readonly version: OpenApiVersion
  readonly direction: SchemaDirection
  /** Pointer to name. */
  readonly names: Map<string, string>
  readonly taken: Set<string>
  readonly schemas: Map<string, JsonSchema>
  readonly pending: { readonly name: string; readonly place: readonly string[] }[]
  readonly notes: Note[]
}

function convert(state: State, schema: unknown, place: Place): JsonSchema {
  if (typeof schema === 'boolean') return schema
  if (!isObject(schema)) return true
  const reference = convertReference(state, schema)
  // In 3.0 nothing stands beside a `$ref`.
  if (reference !== null && state.version === '3.0') return reference
  const entries = Object.entries(schema).flatMap(([keyword, operand]) =>
    convertKeyword(state, keyword, { operand, place: [...place, keyword] }),
  )
  const required = requiredNames(state, schema)
  const plain = { ...Object.fromEntries(entries), ...(required.length > 0 ? { required } : {}) }
  const converted = { ...reference, ...exclusiveBounds(plain, schema) }
  return schema['nullable'] === true ? nullable(converted) : converted
}

function convertReference(state: State, schema: JsonObject): JsonObject | null {
  const ref = member(schema, '$ref')
  if (typeof ref !== 'string') return null
  const tokens = pointerTokens(ref)
  return tokens === null ? null : { $ref: `#/$defs/${nameOf(state, tokens)}` }
}

/** A component keeps its name where it can; any other pointer gets the next free one. */
function nameOf(state: State, tokens: readonly string[]): string {
  const pointer = JSON.stringify(tokens)
  const known = state.names.get(pointer)
  if (known !== undefined) return known
  const isComponent = tokens.length === 3 && tokens[0] === 'components' && tokens[1] === 'schemas'
  const wanted = isComponent ? (tokens[2] ?? '') : ''
  const isFree =
    /^[\w.-]+$/.test(wanted) && !wanted.startsWith('schema.') && !state.taken.has(wanted)
  const name = isFree ? wanted : `schema.${state.names.size}`
  state.names.set(pointer, name)
  state.taken.add(name)
  state.pending.push({ name, place: tokens })
  return name
}

type Operand = { readonly operand: unknown; readonly place: Place }
type ConvertKeyword = (
  state: State,
  keyword: string,
  operand: Operand,
) => Result<unknown, OperandError>

/** What each kind of keyword becomes; undefined leaves it out without a word. */
const converters: { readonly [Kind in KeywordKind]: ConvertKeyword } = {
  described: () => ok(undefined),
  unsupported: (_state, keyword) => err({ code: 'keyword_unsupported', detail: keyword }),
  operand: (_state, keyword, { operand }) => checkOperand(keyword, operand),
  schema: (state, keyword, { operand, place }) =>
    isObject(operand) || typeof operand === 'boolean'
      ? ok(convert(state, operand, place))
      : err({ code: 'invalid_member', detail: keyword }),
  schemas: (state, keyword, { operand, place }) =>
    Array.isArray(operand) && operand.length > 0
      ? ok(operand.map((each, index) => convert(state, each, [...place, index])))
      : err({ code: 'invalid_member', detail: keyword }),
  schemaMap: (state, keyword, { operand, place }) =>
    isObject(operand)
      ? ok(convertMap(state, operand, place))
      : err({ code: 'invalid_member', detail: keyword }),
}

function convertKeyword(
  state: State,
  keyword: string,
  operand: Operand,
): readonly [string, unknown][] {
  const converted = converters[keywordKind(keyword)](state, keyword, operand)
  if (converted.ok) return converted.value === undefined ? [] : [[keyword, converted.value]]
  state.notes.push({ ...converted.error, place: operand.place })
  return []
}

function convertMap(state: State, schemas: JsonObject, place: Place): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, each]) => [name, convert(state, each, [...place, name])]),
  )
}

/** OpenAPI 3.0.4 §4.7.24.2: `required` of a readOnly property is about responses only, of a writeOnly one about requests. */
function requiredNames(state: State, schema: JsonObject): readonly string[] {
  return arrayMember(schema, 'required')
    .filter((name) => typeof name === 'string')
    .filter((name) => {
      const property = dereference(state.root, member(member(schema, 'properties'), name))
      return member(property, state.direction === 'request' ? 'readOnly' : 'writeOnly') !== true
    })
}

/** In 3.0 (JSON Schema draft 4) `exclusiveMinimum: true` sharpens `minimum`. */
function exclusiveBounds(plain: JsonObject, schema: JsonObject): JsonObject {
  const { minimum, maximum, ...others } = plain
  return {
    ...others,
    ...(minimum === undefined
      ? {}
      : schema['exclusiveMinimum'] === true
        ? { exclusiveMinimum: minimum }
        : { minimum }),
    ...(maximum === undefined
      ? {}
      : schema['exclusiveMaximum'] === true
        ? { exclusiveMaximum: maximum }
        : { maximum }),
  }
}

/**
 * OpenAPI 3.0.4 §4.7.24.1 gives `nullable` an effect beside `type` only; documents write it beside
 * `allOf` and mean it, so there null is let through as well.
 */
function nullable(schema: JsonObject): JsonSchema {
  const type = schema['type']
  if (type === undefined) return { if: { type: 'null' }, else: schema }
  return { ...schema, type: [...new Set([type, 'null'].flat())] }
}
