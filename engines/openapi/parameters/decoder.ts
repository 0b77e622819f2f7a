/**
 * One parameter out of a request: found by its location, taken apart by its style, read as the types of its schema.
 * Whether the value conforms to the schema is not asked here.
 */
import { parseJson } from '../json-text.ts'
import { requestLimits } from '../limits.ts'
import { type DeepValue, deepPath, isAppended, readDeepObject } from './deep-object.ts'
import { type Delimited, type DelimitedStyle, readDelimited } from './delimited.ts'
import type { RawPairs } from './raw-pairs.ts'
import {
  type DecodeFailure,
  formDecoded,
  listOf,
  membersOf,
  percentDecoded,
  plain,
  type Structured,
  type StructureKind,
  type Unescape,
} from './structure.ts'
import { readingsOf, typed } from './typed.ts'
import type { ValueShape } from './value-shape.ts'

export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie'

export type ParameterStyle = DelimitedStyle | 'deepObject'

/** Of a parameter that names none. */
export const defaultStyles = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
} as const satisfies { readonly [Location in ParameterLocation]: ParameterStyle }

export type ParameterForm = {
  readonly in: ParameterLocation
  readonly name: string
  readonly style: ParameterStyle
  readonly explode: boolean
  /** The whole text is a JSON text (`content`), whatever the style. */
  readonly isJson: boolean
}

/** What a request holds of parameters, raw. */
export type ParameterSources = {
  /** A path variable as the path has it, percent-encoded; undefined when there is none of this name. */
  variable(name: string): string | undefined
  readonly query: RawPairs
  header(name: string): string | null
  readonly cookies: RawPairs
}

export type Decoded =
  | { readonly kind: 'absent' }
  /** Given several times where one is wanted. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'failed'; readonly failure: DecodeFailure | 'bad_json' }
  /** Every reading that the types allow, the preferred one first. `isEmpty`: nothing stands after the name. */
  | { readonly kind: 'values'; readonly candidates: readonly unknown[]; readonly isEmpty: boolean }

export type ParameterDecoder = {
  decode(sources: ParameterSources): Decoded
  /** Whether a query parameter of this name belongs to the parameter. */
  claims(name: string): boolean
  /** An object without members leaves no trace in the request. */
  readonly isEmptyUnseen: boolean
}

const ABSENT: Decoded = { kind: 'absent' }
const REPEATED: Decoded = { kind: 'repeated' }

const UNESCAPES: { readonly [Location in ParameterLocation]: Unescape } = {
  path: percentDecoded,
  query: formDecoded,
  // Header fields are not percent-encoded.
  header: plain,
  cookie: percentDecoded,
}

/** `others` are the names of the other query parameters: an open exploded object takes what none of them claims. */
export function createDecoder(
  form: ParameterForm,
  shape: ValueShape,
  others: ReadonlySet<string> = new Set(),
): ParameterDecoder {
  const { name, style } = form
  const claims = (key: string): boolean => key === name
  const isEmptyUnseen = false
  if (form.isJson) return { decode: (sources) => decodeJson(form, sources), claims, isEmptyUnseen }
  if (style === 'deepObject') return deepDecoder(name, shape)
  const textForm = { ...form, style }
  if (style === 'form' && form.explode && shape.kinds.includes('object')) {
    return memberDecoder(textForm, shape, others)
  }
  const isScalar = structureKinds(shape).every((kind) => kind === 'text')
  return isScalar && style !== 'label' && style !== 'matrix'
    ? { decode: (sources) => decodeScalar(form, shape, sources), claims, isEmptyUnseen }
    : { decode: (sources) => decodeText(textForm, shape, sources), claims, isEmptyUnseen }
}

type TextForm = ParameterForm & { readonly style: DelimitedStyle }

function deepDecoder(name: string, shape: ValueShape): ParameterDecoder {
  return {
    decode: ({ query }) => decodeDeep(name, query, shape),
    claims: (key) => deepPath(key, name) !== null,
    isEmptyUnseen: true,
  }
}

/** The members stand under their own names; what else the schema allows stands under the parameter's. */
function memberDecoder(
  form: TextForm,
  shape: ValueShape,
  others: ReadonlySet<string>,
): ParameterDecoder {
  const kinds = shape.kinds.filter((kind) => kind !== 'object' && kind !== 'null')
  const isOwn = (key: string): boolean =>
    shape.names.has(key) ||
    (shape.isOpen && !others.has(key) && (kinds.length === 0 || key !== form.name))
  const decodeObject = (sources: ParameterSources): Decoded =>
    decodeMembers(pairsOf(form, sources), shape, isOwn)
  if (kinds.length === 0) return { decode: decodeObject, claims: isOwn, isEmptyUnseen: true }
  return {
    decode: (sources) =>
      either(decodeText(form, { ...shape, kinds }, sources), decodeObject(sources)),
    claims: (key) => key === form.name || isOwn(key),
    isEmptyUnseen: true,
  }
}

function either(first: Decoded, second: Decoded): Decoded {
  if (first.kind === 'absent' || second.kind === 'absent') {
    return first.kind === 'absent' ? second : first
  }
  if (first.kind !== 'values' || second.kind !== 'values') {
    return first.kind === 'values' ? first : second
  }
  return { ...first, candidates: [...first.candidates, ...second.candidates] }
}

function pairsOf(form: ParameterForm, { query, cookies }: ParameterSources): RawPairs {
  return form.in === 'cookie' ? cookies : query
}

function rawTexts(form: ParameterForm, sources: ParameterSources): readonly string[] {
  if (form.in === 'query' || form.in === 'cookie') {
    return pairsOf(form, sources).values.get(form.name) ?? []
  }
  const text = form.in === 'path' ? sources.variable(form.name) : sources.header(form.name)
  return text === null || text === undefined ? [] : [text]
}

function decodeJson(form: ParameterForm, sources: ParameterSources): Decoded {
  const [raw, ...more] = rawTexts(form, sources)
  if (raw === undefined) return ABSENT
  if (more.length > 0) return REPEATED
  const text = UNESCAPES[form.in](raw)
  if (!text.ok) return { kind: 'failed', failure: text.error }
  const { bodyDepthMax, bodyKeysMax } = requestLimits
  const json = parseJson(text.value, { depthMax: bodyDepthMax, keysMax: bodyKeysMax })
  if (!json.ok) return { kind: 'failed', failure: 'bad_json' }
  return { kind: 'values', candidates: [json.value], isEmpty: raw === '' }
}

function decodeDeep(name: string, { values }: RawPairs, shape: ValueShape): Decoded {
  const deep: DeepValue[] = []
  for (const [key, raw] of values) {
    const path = deepPath(key, name)
    if (path === null) continue
    if (raw.length > 1 && !isAppended(key)) return { kind: 'failed', failure: 'malformed' }
    for (const each of raw) {
      const text = formDecoded(each)
      if (!text.ok) return { kind: 'failed', failure: text.error }
      deep.push({ path, text: text.value })
    }
  }
  return deep.length === 0 ? ABSENT : settled([readDeepObject(deep, shape)], shape)
}

function decodeMembers(
  { values }: RawPairs,
  shape: ValueShape,
  claims: (name: string) => boolean,
): Decoded {
  const pairs: (readonly [string, string])[] = []
  for (const [key, raw] of values) {
    if (!claims(key)) continue
    const [first = '', ...more] = raw
    if (more.length > 0) return REPEATED
    // Names are unescaped already; what escapes to itself stays as it is.
    pairs.push([encodeURIComponent(key), first])
  }
  return pairs.length === 0 ? ABSENT : settled([membersOf(pairs, formDecoded)], shape)
}

/** What most parameters are: one text, whatever the style. */
function decodeScalar(form: ParameterForm, shape: ValueShape, sources: ParameterSources): Decoded {
  const [raw, ...more] = rawTexts(form, sources)
  if (raw === undefined) return ABSENT
  if (more.length > 0) return REPEATED
  const text = UNESCAPES[form.in](raw)
  if (!text.ok) return { kind: 'failed', failure: text.error }
  const candidates = readingsOf(shape.kinds, text.value)
  return { kind: 'values', candidates, isEmpty: text.value === '' }
}

function decodeText(form: TextForm, shape: ValueShape, sources: ParameterSources): Decoded {
  const texts = rawTexts(form, sources)
  const [first, ...more] = texts
  if (first === undefined) return ABSENT
  const unescape = UNESCAPES[form.in]
  const kinds = structureKinds(shape)
  const isSpread = form.explode && (form.in === 'query' || form.in === 'cookie')
  const spread = isSpread && kinds.includes('list') ? listOf(texts, unescape) : null
  if (more.length > 0) return spread === null ? REPEATED : settled([spread], shape)
  const how: Delimited = {
    style: form.style,
    explode: form.explode,
    name: form.name,
    unescape,
    isHeader: form.in === 'header',
  }
  const structures = kinds.map((kind) =>
    spread !== null && kind === 'list' ? spread : readDelimited(first, kind, how),
  )
  return settled(structures, shape)
}

function structureKinds({ kinds }: ValueShape): readonly StructureKind[] {
  const isScalar = kinds.some((kind) => kind !== 'array' && kind !== 'object')
  return [
    ...(kinds.includes('object') ? (['members'] as const) : []),
    ...(kinds.includes('array') ? (['list'] as const) : []),
    ...(isScalar ? (['text'] as const) : []),
  ]
}

/** All readings of all structures that could be read; a failure only when there is none. */
function settled(structures: readonly Structured[], shape: ValueShape): Decoded {
  let failure: DecodeFailure = 'malformed'
  const candidates: unknown[] = []
  let isEmpty = false
  for (const structured of structures) {
    if (!structured.ok) {
      failure = structured.error
      continue
    }
    const { value } = structured
    if (value.kind === 'text') {
      candidates.push(...readingsOf(shape.kinds, value.text))
      isEmpty = value.text === ''
    } else {
      candidates.push(typed(value, shape))
    }
  }
  if (candidates.length === 0) return { kind: 'failed', failure }
  return { kind: 'values', candidates, isEmpty }
}
