/**
 * Path, query, header and cookie parameters in their default styles (`simple` and `form`).
 *
 * Promises that a text is read as the types its schema names (`12` for a number is 12), that a required
 * parameter is there, and that one which is no array is given once.
 */
import { findingsOf, type Check } from '../compile/run.ts'
import { compileSchema, referenceName, type JsonSchema } from '../compile/schema.ts'
import { isObject, member } from '../json-value.ts'
import { requestLimits } from '../limits.ts'
import type {
  OperationProfile,
  ParameterLocation,
  ParameterProfile,
  SchemaProfile,
} from '../profile.ts'
import { valueKinds, type ValueKind } from '../value-kinds.ts'
import { violation, type Violation } from '../violations.ts'
import { parseCookies, parseQuery, type DecodedText, type Pairs } from './pairs.ts'
import type { RequestParts } from './request.ts'

/** What the checks of one operation's parameters found. */
export type ParameterFindings = {
  readonly violations: readonly Violation[]
  readonly undeclaredQueryParameters: readonly string[]
}

/** Compiles the parameters of an operation. */
export function compileParameters(
  operation: OperationProfile,
  schemas: SchemaProfile['schemas'],
): (request: RequestParts) => ParameterFindings {
  const parameters = locations.flatMap((location) =>
    operation.parameters
      .filter((parameter) => parameter.in === location)
      .map((parameter) => compileParameter(parameter, schemas)),
  )
  const declared = new Set(
    operation.parameters.filter((each) => each.in === 'query').map(({ name }) => name),
  )
  const readsCookies = parameters.some(({ profile }) => profile.in === 'cookie')
  return (request) => {
    const query = parseQuery(request.query, requestLimits.parametersMax)
    const cookies = readsCookies
      ? parseCookies(request.cookie ?? '', requestLimits.parametersMax)
      : noPairs
    const sources: Sources = { request, query, cookies, variables: operation.path_variables }
    return {
      violations: [
        ...cut('query', query),
        ...cut('cookie', cookies),
        ...parameters.flatMap((parameter) =>
          checkParameter(
            parameter,
            valuesIn[parameter.profile.in](parameter.profile.name, sources),
          ),
        ),
      ],
      undeclaredQueryParameters: [...query.values.keys()].filter((name) => !declared.has(name)),
    }
  }
}

const locations: readonly ParameterLocation[] = ['path', 'query', 'header', 'cookie']
const noPairs: Pairs = { values: new Map(), isCut: false }

type CompiledParameter = {
  readonly profile: ParameterProfile
  readonly check: Check | null
  readonly kinds: readonly ValueKind[]
  readonly itemKinds: readonly ValueKind[]
}

function compileParameter(
  profile: ParameterProfile,
  schemas: SchemaProfile['schemas'],
): CompiledParameter {
  const { schema } = profile
  const resolve = (ref: string) => member(schemas, referenceName(ref) ?? '')
  return {
    profile,
    check: schema === null ? null : compileSchema(schema, schemas),
    kinds: valueKinds(schema, resolve),
    itemKinds: valueKinds(itemsOf(schema, resolve), resolve),
  }
}

/** Where an array's items are described, one reference away at most. */
function itemsOf(schema: JsonSchema | null, resolve: (ref: string) => unknown): unknown {
  const ref = member(schema, '$ref')
  const target = typeof ref === 'string' ? resolve(ref) : schema
  return isObject(target) ? member(target, 'items') : undefined
}

type Sources = {
  readonly request: RequestParts
  readonly query: Pairs
  readonly cookies: Pairs
  readonly variables: readonly string[]
}

type ReadValues = (name: string, sources: Sources) => readonly DecodedText[]

const valuesIn: { readonly [Location in ParameterLocation]: ReadValues } = {
  path: (name, { request, variables }) => whole(request.variables[variables.indexOf(name)]),
  query: (name, { query }) => query.values.get(name) ?? [],
  header: (name, { request }) => whole(request.header(name) ?? undefined),
  cookie: (name, { cookies }) => cookies.values.get(name) ?? [],
}

function whole(text: string | undefined): readonly DecodedText[] {
  return text === undefined ? [] : [{ ok: true, text }]
}

function cut(location: 'query' | 'cookie', { isCut }: Pairs): readonly Violation[] {
  const where = { location, target: location }
  return isCut ? [violation('too_many_parameters', where, String(requestLimits.parametersMax))] : []
}

function checkParameter(
  { profile, check, kinds, itemKinds }: CompiledParameter,
  values: readonly DecodedText[],
): readonly Violation[] {
  const where = { location: profile.in, target: profile.name }
  const [first] = values
  if (first === undefined) return profile.required ? [violation('missing', where)] : []
  const broken = values.find((value) => !value.ok)
  if (broken !== undefined && !broken.ok) return [violation(broken.kind, where)]
  const texts = values.flatMap((value) => (value.ok ? [value.text] : []))
  const isList = kinds.includes('array')
  if (texts.length > 1 && !(isList && profile.explode)) return [violation('repeated', where)]
  if (check === null) return []
  const candidates = isList
    ? [listItems(profile, texts).map((text) => readAs(itemKinds, text)[0])]
    : readAs(kinds, texts[0] ?? '')
  const results = candidates.map((candidate) => findingsOf(check, candidate))
  if (results.some((findings) => findings.length === 0)) return []
  const findings = results[0] ?? []
  return findings.map((finding) => violation(finding.kind, where, finding.argument))
}

/** `a=1&a=2` or `a=1,2` or `1,2`; the empty text is the list of nothing. */
function listItems(profile: ParameterProfile, texts: readonly string[]): readonly string[] {
  const isExploded = profile.explode && (profile.in === 'query' || profile.in === 'cookie')
  if (isExploded) return texts
  const [text = ''] = texts
  return text === ''
    ? []
    : text.split(',').map((item) => (profile.in === 'header' ? item.trim() : item))
}

/** Every reading the types allow, the narrowest first; the text itself is always one. */
function readAs(kinds: readonly ValueKind[], text: string): readonly unknown[] {
  const isNumeric = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)
  return [
    ...(isNumeric && (kinds.includes('number') || kinds.includes('integer')) ? [Number(text)] : []),
    ...(kinds.includes('boolean') && (text === 'true' || text === 'false')
      ? [text === 'true']
      : []),
    ...(kinds.includes('null') && (text === '' || text === 'null') ? [null] : []),
    text,
  ]
}
