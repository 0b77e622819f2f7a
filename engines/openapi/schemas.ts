/**
 * Schemas of a document to JSON Schema 2020-12, for requests or for responses.
 *
 * Promises self-contained plain data: every reference, whatever it names and in whatever scope, is `#/$defs/{name}` into the
 * shared schemas; every keyword known and of the right type (the rest is left out with a note), OpenAPI 3.0 spelled as
 * 2020-12. What describes and does not constrain is dropped. A property that is `readOnly` may be
 * sent in a request, but is never required there; `writeOnly` likewise in a response.
 */
import { err, ok, type Result } from '#engines/result'
import type { JsonSchema } from './compile/schema.ts'
import { bindDynamic, enterResource, outermostScope, type Scope } from './dynamic-scope.ts'
import {
  arrayMember,
  isObject,
  member,
  objectMember,
  type JsonObject,
  type Place,
} from './json-value.ts'
import { checkOperand, keywordKind, type KeywordKind, type OperandError } from './keywords.ts'
import { documentLimits } from './limits.ts'
import { dereference } from './references.ts'
import type { ReferenceTarget, SchemaResource, SchemaResources } from './schema-resources.ts'
import type { OpenApiVersion } from './shape.ts'
import { eitherOf, exclusiveBounds, isContradiction, nullable, withApart } from './spelling.ts'
import { assertsNothing } from './vocabulary.ts'
import type { Note } from './warnings.ts'

export type SchemaConverter = {
  convert(schema: unknown, place: Place): JsonSchema
  /** Every schema referred to so far, by name, and what was odd in all of them. */
  finish(): {
    readonly schemas: { readonly [name: string]: JsonSchema }
    readonly notes: readonly Note[]
  }
}

type SchemaSource = {
  readonly root: JsonObject
  readonly version: OpenApiVersion
  readonly resources: SchemaResources
}

export type SchemaDirection = 'request' | 'response'

/** A converter for the schemas of one document, as they are about requests or about responses. */
export function createSchemaConverter(
  source: SchemaSource,
  direction: SchemaDirection = 'request',
): SchemaConverter {
  const state: State = {
    ...source,
    direction,
    names: new Map(),
    taken: new Set(),
    scopes: new Set(),
    silenced: new Map(),
    schemas: new Map(),
    pending: [],
    notes: [],
  }
  return {
    convert: (schema, place) =>
      convert(state, schema, { place, scope: outermostScope(source.resources.around(place)) }),
    finish() {
      // References found on the way are appended, so the list ends when no new one turns up.
      for (let next = state.pending.pop(); next !== undefined; next = state.pending.pop()) {
        state.schemas.set(next.name, convert(state, next.schema, next.spot))
      }
      return { schemas: Object.fromEntries(state.schemas), notes: state.notes }
    },
  }
}

type State = SchemaSource & {
  readonly direction: SchemaDirection
  /** By schema, then by key of the scope it is met in. */
  readonly names: Map<unknown, Map<string, string>>
  readonly taken: Set<string>
  readonly scopes: Set<string>
  readonly silenced: Map<SchemaResource, boolean>
  readonly schemas: Map<string, JsonSchema>
  readonly pending: { readonly name: string; readonly schema: unknown; readonly spot: Spot }[]
  readonly notes: Note[]
}

/** Where a schema stands, for notes and for its references. */
type Spot = { readonly place: Place; readonly scope: Scope }

function convert(state: State, schema: unknown, outside: Spot): JsonSchema {
  if (typeof schema === 'boolean') return schema
  if (!isObject(schema)) return true
  const spot = within(state, schema, outside)
  // In 3.0 nothing stands beside a `$ref`.
  if (state.version === '3.0' && member(schema, '$ref') !== undefined) {
    return convertReference(state, '$ref', { operand: schema['$ref'], spot }) ?? true
  }
  const entries = Object.entries(schema).flatMap(([keyword, operand]) =>
    convertKeyword(state, keyword, { operand, spot: below(spot, keyword) }),
  )
  const required = assertsNothingIn(state, spot) ? [] : requiredNames(state, schema)
  const plain = { ...Object.fromEntries(entries), ...(required.length > 0 ? { required } : {}) }
  const bounded = withApart(exclusiveBounds(plain, schema), apartFrom(state, schema, spot))
  const converted = schema['nullable'] === true ? nullable(bounded) : bounded
  if (!isContradiction(converted)) return converted
  state.notes.push({ code: 'enum_contradicts_type', detail: '', place: spot.place })
  return eitherOf(converted)
}

function within(state: State, schema: JsonObject, { place, scope }: Spot): Spot {
  const begun = state.resources.begunBy(schema)
  return begun === undefined || begun === scope.resource
    ? { place, scope }
    : { place, scope: entered(state, scope, begun) }
}

function below({ place, scope }: Spot, ...steps: Place): Spot {
  return { place: [...place, ...steps], scope }
}

/** Scopes multiply the schemas met in them, so past a bound dynamic references are taken as static ones. */
function entered(state: State, scope: Scope, resource: SchemaResource): Scope {
  const inside = enterResource(scope, resource)
  if (state.scopes.has(inside.key)) return inside
  if (state.scopes.size >= documentLimits.dynamicScopesMax) return { ...scope, resource }
  state.scopes.add(inside.key)
  return inside
}

function assertsNothingIn(state: State, { scope: { resource } }: Spot): boolean {
  const known = state.silenced.get(resource)
  if (known !== undefined) return known
  const answer = assertsNothing(resource, state.resources)
  state.silenced.set(resource, answer)
  return answer
}

type Operand = { readonly operand: unknown; readonly spot: Spot }

/** The reference by name; undefined when what it names is not there, which a note says. */
function convertReference(
  state: State,
  keyword: string,
  { operand, spot }: Operand,
): JsonObject | undefined {
  if (typeof operand !== 'string') return undefined
  const found = state.resources.resolve(operand, spot.scope.resource)
  if (!found.ok) {
    state.notes.push({ code: found.error, detail: operand.slice(0, 200), place: spot.place })
    return undefined
  }
  if (found.value.isAstray) {
    state.notes.push({ code: 'reference_astray', detail: operand.slice(0, 200), place: spot.place })
  }
  const target = keyword === '$ref' ? found.value : bindDynamic(spot.scope, found.value)
  return { $ref: `#/$defs/${nameOf(state, target, spot.scope)}` }
}

/** A component keeps its name where it can; any other schema gets the next free one. */
function nameOf(state: State, target: ReferenceTarget, from: Scope): string {
  const scope = entered(state, from, target.resource)
  const names = state.names.get(target.schema) ?? new Map<string, string>()
  state.names.set(target.schema, names)
  const known = names.get(scope.key)
  if (known !== undefined) return known
  const wanted = componentName(target)
  const isFree = wanted !== null && !state.taken.has(wanted)
  const name = isFree ? wanted : `schema.${state.taken.size}`
  names.set(scope.key, name)
  state.taken.add(name)
  state.pending.push({ name, schema: target.schema, spot: { place: target.place, scope } })
  return name
}

function componentName({ place, resource }: ReferenceTarget): string | null {
  const [components, schemas, name] = place
  const isComponent = place.length === 3 && components === 'components' && schemas === 'schemas'
  if (!isComponent || !resource.isOwn || typeof name !== 'string') return null
  return /^[\w.-]+$/.test(name) && !name.startsWith('schema.') ? name : null
}

type ConvertKeyword = (
  state: State,
  keyword: string,
  operand: Operand,
) => Result<unknown, OperandError>

/** What each kind of keyword becomes; undefined leaves it out without a word. */
const converters: { readonly [Kind in KeywordKind]: ConvertKeyword } = {
  described: () => ok(undefined),
  definitions: () => ok(undefined),
  unsupported: (_state, keyword) => err({ code: 'keyword_unsupported', detail: keyword }),
  // These two may stand side by side, and stand apart from `$ref`: see `apartFrom`.
  dependencies: () => ok(undefined),
  reference: (state, keyword, operand) =>
    ok(keyword === '$ref' ? convertReference(state, keyword, operand)?.['$ref'] : undefined),
  operand: (state, keyword, { operand, spot }) =>
    keyword !== 'format' && assertsNothingIn(state, spot)
      ? ok(undefined)
      : checkOperand(keyword, operand),
  schema: (state, keyword, { operand, spot }) =>
    isObject(operand) || typeof operand === 'boolean'
      ? ok(convert(state, operand, spot))
      : err({ code: 'invalid_member', detail: keyword }),
  schemas: (state, keyword, { operand, spot }) =>
    Array.isArray(operand) && operand.length > 0
      ? ok(operand.map((each, index) => convert(state, each, below(spot, index))))
      : err({ code: 'invalid_member', detail: keyword }),
  schemaMap: (state, keyword, { operand, spot }) =>
    isObject(operand)
      ? ok(convertMap(state, operand, spot))
      : err({ code: 'invalid_member', detail: keyword }),
}

function convertKeyword(
  state: State,
  keyword: string,
  operand: Operand,
): readonly [string, unknown][] {
  const converted = converters[keywordKind(keyword)](state, keyword, operand)
  if (converted.ok) return converted.value === undefined ? [] : [[keyword, converted.value]]
  state.notes.push({ ...converted.error, place: operand.spot.place })
  return []
}

function convertMap(state: State, schemas: JsonObject, spot: Spot): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, each]) => [name, convert(state, each, below(spot, name))]),
  )
}

/** Keywords that become schemas of their own beside the one they stand in. */
function apartFrom(state: State, schema: JsonObject, spot: Spot): readonly JsonObject[] {
  const dynamic = convertReference(state, '$dynamicRef', {
    operand: member(schema, '$dynamicRef'),
    spot: below(spot, '$dynamicRef'),
  })
  const dependencies = Object.entries(objectMember(schema, 'dependencies')).map(([name, needed]) =>
    Array.isArray(needed)
      ? { dependentRequired: { [name]: needed } }
      : { dependentSchemas: { [name]: convert(state, needed, below(spot, 'dependencies', name)) } },
  )
  return [...(dynamic === undefined ? [] : [dynamic]), ...dependencies]
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
