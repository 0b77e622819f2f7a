/**
 * One parameter out of a request: found by its location, taken apart by its style, read as the types of its schema.
 * Whether the value conforms to the schema is not asked here.
 */
import { parseJson } from '../json-text.ts'
import { requestLimits } from '../limits.ts'
import { type DeepValue, deepPath, readDeepObject } from './deep-object.ts'
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
  const { name } = form
  const isOwn = (key: string): boolean => key === name
  const { style } = form
  if (form.isJson) return { decode: (sources) => decodeJson(form, sources), claims: isOwn }
  if (style === 'deepObject') {
    return {
      decode: ({ query }) => decodeDeep(name, query, shape),
      claims: (key) => deepPath(key, name) !== null,
    }
  }
  if (style === 'form' && form.explode && shape.kinds.includes('object')) {
    const claims = (key: string): boolean =>
      shape.names.has(key) || (shape.isOpen && !others.has(key))
    return { decode: (sources) => decodeMembers(pairsOf(form, sources), shape, claims), claims }
  }
  const textForm = { ...form, style }
  return { decode: (sources) => decodeText(textForm, shape, sources), claims: isOwn }
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
    const [first = '', ...more] = raw
    if (more.length > 0) return { kind: 'failed', failure: 'malformed' }
    const text = formDecoded(first)
    if (!text.ok) return { kind: 'failed', failure: text.error }
    deep.push({ path, text: text.value })
  }
  return deep.length === 0 ? ABSENT : settled(readDeepObject(deep, shape), shape)
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
  return pairs.length === 0 ? ABSENT : settled(membersOf(pairs, formDecoded), shape)
}

type TextForm = ParameterForm & { readonly style: DelimitedStyle }

function decodeText(form: TextForm, shape: ValueShape, sources: ParameterSources): Decoded {
  const texts = rawTexts(form, sources)
  const [first, ...more] = texts
  if (first === undefined) return ABSENT
  const isList = shape.kinds.includes('array')
  const isSpread = form.explode && (form.in === 'query' || form.in === 'cookie')
  if (isList && isSpread) return settled(listOf(texts, UNESCAPES[form.in]), shape)
  if (more.length > 0) return REPEATED
  const how: Delimited = {
    style: form.style,
    explode: form.explode,
    name: form.name,
    unescape: UNESCAPES[form.in],
    isHeader: form.in === 'header',
  }
  const structures = structureKinds(shape).map((kind) => readDelimited(first, kind, how))
  return settledFirst(structures, shape)
}

function structureKinds({ kinds }: ValueShape): readonly StructureKind[] {
  const isScalar = kinds.some((kind) => kind !== 'array' && kind !== 'object')
  return [
    ...(kinds.includes('object') ? (['members'] as const) : []),
    ...(kinds.includes('array') ? (['list'] as const) : []),
    ...(isScalar ? (['text'] as const) : []),
  ]
}

function settled(structured: Structured, shape: ValueShape): Decoded {
  return settledFirst([structured], shape)
}

/** All readings of all structures that could be read; a failure only when there is none. */
function settledFirst(structures: readonly Structured[], shape: ValueShape): Decoded {
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
