/**
 * Walks a document along the tables of `shapes.ts`.
 *
 * Promises every problem with its place (up to a bound) and every `$ref` that the specification gives a
 * meaning; one inside an example, a default or an extension is data and is not reported.
 */
import type { DocumentErrorCode, Problem } from './document-error.ts'
import { isIdentified, type IdentifiedSchema } from './identified-schemas.ts'
import { isObject, member, type JsonObject, type Place } from './json-value.ts'
import { checkRules } from './object-rules.ts'
import type { Note } from './warnings.ts'
import { text, type ObjectName, type OpenApiVersion, type ValueShape } from './shape.ts'
import { objectShapes } from './shapes.ts'

export type FoundReference = {
  readonly place: Place
  readonly ref: string
  /** What stands here, and so must stand there. */
  readonly of: ObjectName
}

export type StructureReport = {
  readonly problems: readonly Problem[]
  /** What is wrong but harmless, and common in documents that are in use. */
  readonly notes: readonly Note[]
  readonly references: readonly FoundReference[]
  /** Schemas with an `$id` or an anchor, outer ones before those inside; none in 3.0. */
  readonly identified: readonly IdentifiedSchema[]
}

/** Checks a whole document; `problemsMax` bounds what is reported, not what is read. */
export function checkStructure(
  document: JsonObject,
  version: OpenApiVersion,
  problemsMax: number,
): StructureReport {
  const walk: Walk = {
    version,
    problems: [],
    notes: [],
    references: [],
    identified: [],
    problemsMax,
  }
  checkObject(walk, 'document', { value: document, place: [] })
  const { problems, notes, references, identified } = walk
  return { problems, notes, references, identified }
}

type Walk = {
  readonly version: OpenApiVersion
  readonly problems: Problem[]
  readonly notes: Note[]
  readonly references: FoundReference[]
  readonly identified: IdentifiedSchema[]
  readonly problemsMax: number
}

type Spot<T = unknown> = { readonly value: T; readonly place: Place }

function report(
  walk: Walk,
  code: DocumentErrorCode,
  { place, detail }: Omit<Problem, 'code'>,
): void {
  // Nothing here reads how clients get their credentials.
  if (place[0] === 'components' && place[1] === 'securitySchemes') note(walk, place, detail)
  else if (walk.problems.length < walk.problemsMax) walk.problems.push({ code, detail, place })
}

function note(walk: Walk, place: Place, detail: string): void {
  walk.notes.push({ code: 'invalid_member', detail, place })
}

function checkValue(walk: Walk, shape: ValueShape, spot: Spot): void {
  const { value, place } = spot
  switch (shape.kind) {
    case 'any':
      return
    case 'boolean':
    case 'number':
      if (typeof value !== shape.kind) wrongType(walk, place, shape.kind)
      return
    case 'string':
      checkString(walk, shape.format, spot)
      return
    case 'one_of':
      if (typeof value !== 'string' || !shape.values.includes(value)) {
        report(walk, 'invalid_value', { place, detail: `one of ${shape.values.join(', ')}` })
      }
      return
    case 'schema_type':
      checkSchemaType(walk, spot)
      return
    case 'schema_required':
      // How draft 3 said it, on the property itself; common, and without effect since.
      if (typeof value === 'boolean' || value === 'true' || value === 'false') {
        note(walk, place, 'a list of names stands here')
      } else checkList(walk, requiredNames, spot)
      return
    case 'schema_or_boolean':
      if (typeof value !== 'boolean') checkReferenceOr(walk, 'schema', spot)
      return
    case 'object':
      if (shape.orReference) checkReferenceOr(walk, shape.name, spot)
      else checkObject(walk, shape.name, spot)
      return
    case 'map':
      checkMap(walk, shape, spot)
      return
    case 'list':
      checkList(walk, shape, spot)
  }
}

function wrongType(walk: Walk, place: Place, expected: string): void {
  report(walk, 'invalid_type', { place, detail: `expected ${expected}` })
}

/** Only what no reference can hold (RFC 3986 §2): the rest is somebody's documentation. */
const stringFormats = {
  text: /^/,
  // Sentences and lists stand here in real documents, so spaces and bars pass.
  uri: /^[^<>"\\^`{}]*$/,
  email: /^(?:[^@\s]+@[^@\s]+)?$/,
}

function checkString(walk: Walk, format: keyof typeof stringFormats, { value, place }: Spot): void {
  if (typeof value !== 'string') wrongType(walk, place, 'string')
  else if (!stringFormats[format].test(value)) {
    report(walk, 'invalid_value', { place, detail: `not a valid ${format}` })
  }
}

const schemaTypes = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']

function checkSchemaType(walk: Walk, { value, place }: Spot): void {
  const types: readonly unknown[] = Array.isArray(value) ? value : [value]
  const known = types.every((type) => typeof type === 'string' && schemaTypes.includes(type))
  if (!known || types.length === 0) {
    const detail = `one of ${schemaTypes.join(', ')}, or a list`
    note(walk, place, detail)
  }
}

function checkReferenceOr(walk: Walk, name: ObjectName, { value, place }: Spot): void {
  // In 3.1 a schema may be a boolean, and `$ref` is a keyword with siblings.
  if (name === 'schema' && typeof value === 'boolean') {
    if (walk.version === '3.0') note(walk, place, 'expected object')
    return
  }
  const isKeyword = name === 'schema' && walk.version === '3.1'
  if (!isKeyword && isObject(value) && member(value, '$ref') !== undefined) {
    checkReference(walk, name, { value: value['$ref'], place: [...place, '$ref'] })
    return
  }
  checkObject(walk, name, { value, place })
}

function checkReference(walk: Walk, of: ObjectName, { value, place }: Spot): void {
  if (typeof value === 'string') walk.references.push({ place, ref: value, of })
  else wrongType(walk, place, 'string')
}

function checkObject(walk: Walk, name: ObjectName, { value, place }: Spot): void {
  if (!isObject(value)) return wrongType(walk, place, 'object')
  const { members, required, named, unknown } = objectShapes[walk.version][name]
  if (name === 'schema' && walk.version === '3.1' && isIdentified(value)) {
    walk.identified.push({ schema: value, place })
  }
  for (const missing of required) {
    if (!Object.hasOwn(value, missing)) report(walk, 'missing_member', { place, detail: missing })
  }
  for (const [key, child] of Object.entries(value)) {
    const spot = { value: child, place: [...place, key] }
    const shape = Object.hasOwn(members, key) ? members[key] : undefined
    if (key === '$ref' && (name === 'schema' || name === 'pathItem'))
      checkReference(walk, name, spot)
    else if (shape !== undefined) checkValue(walk, shape, spot)
    else if (key.startsWith('x-') || unknown === 'allowed') continue
    else if (named?.names.test(key) === true) checkValue(walk, named.of, spot)
    else if (unknown === 'noted')
      walk.notes.push({ code: 'unknown_member', detail: key, place: spot.place })
    else if (named === null) report(walk, 'unknown_member', { place: spot.place, detail: key })
    else report(walk, 'invalid_name', { place: spot.place, detail: key })
  }
  for (const { code, detail, member: at, isNote } of checkRules(name, value, walk.version)) {
    const spot = at === null ? place : [...place, at]
    if (isNote) note(walk, spot, detail)
    else report(walk, code, { place: spot, detail })
  }
}

const requiredNames = { kind: 'list', of: text, unique: true } as const

type ShapeOf<Kind extends ValueShape['kind']> = Extract<ValueShape, { readonly kind: Kind }>

function checkMap(walk: Walk, { of, names }: ShapeOf<'map'>, { value, place }: Spot): void {
  if (Array.isArray(value) && value.length === 0) {
    // How PHP writes an empty map.
    note(walk, place, 'expected object')
    return
  }
  if (!isObject(value)) return wrongType(walk, place, 'object')
  for (const [key, child] of Object.entries(value)) {
    const spot = { value: child, place: [...place, key] }
    if (!names.test(key))
      note(walk, spot.place, 'the name has other characters than A-Z a-z 0-9 . _ -')
    checkValue(walk, of, spot)
  }
}

function checkList(walk: Walk, { of, unique }: ShapeOf<'list'>, { value, place }: Spot): void {
  if (!Array.isArray(value)) return wrongType(walk, place, 'array')
  for (const [index, child] of value.entries()) {
    checkValue(walk, of, { value: child, place: [...place, index] })
  }
  if (unique && new Set(value).size !== value.length) {
    report(walk, 'invalid_value', { place, detail: 'each value once' })
  }
}
