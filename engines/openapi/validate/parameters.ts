/**
 * Path, query, header and cookie parameters of one operation.
 *
 * Promises that a text is read as the types its schema names (`12` for a number is 12), that a required parameter is
 * there, and that one which holds one value is given once.
 */
import { findingsOf, type Check } from '../compile/run.ts'
import { compileSchema, referenceName } from '../compile/schema.ts'
import { member } from '../json-value.ts'
import { requestLimits } from '../limits.ts'
import {
  createDecoder,
  defaultStyles,
  type Decoded,
  type ParameterDecoder,
  type ParameterLocation,
  type ParameterSources,
} from '../parameters/decoder.ts'
import { noPairs, parseCookies, parseQuery, type RawPairs } from '../parameters/raw-pairs.ts'
import { shapeOf, type ValueShape } from '../parameters/value-shape.ts'
import type { OperationProfile, SchemaProfile } from '../profile.ts'
import type { ParameterProfile } from '../profile-parameter.ts'
import { violation, type Violation } from '../violations.ts'
import type { RequestParts } from './request.ts'

/** What the checks of one operation's parameters found. */
export type ParameterFindings = {
  readonly violations: readonly Violation[]
  readonly undeclaredQueryParameters: readonly string[]
}

/** By location and name; what is absent is not there. */
export type DecodedParameters = {
  readonly [Location in ParameterLocation]: { readonly [name: string]: unknown }
}

export type ParameterChecks = {
  check(request: RequestParts): ParameterFindings
  decode(request: RequestParts): DecodedParameters
}

/** Compiles the parameters of an operation. */
export function compileParameters(
  operation: OperationProfile,
  schemas: SchemaProfile['schemas'],
): ParameterChecks {
  const inQuery = operation.parameters.filter((each) => each.in === 'query')
  const declared = new Set(inQuery.map(({ name }) => name))
  const parameters = locations.flatMap((location) =>
    operation.parameters
      .filter((parameter) => parameter.in === location)
      .map((parameter) => compileParameter(parameter, schemas, declared)),
  )
  const readsCookies = parameters.some(({ profile }) => profile.in === 'cookie')
  // What the document declares is never too much.
  const pairsMax = Math.max(requestLimits.parametersMax, 2 * operation.parameters.length)
  const sourcesOf = (request: RequestParts): ParameterSources => ({
    variable: (name) => request.variables[operation.path_variables.indexOf(name)],
    query: parseQuery(request.query, pairsMax),
    header: (name) => request.header(name),
    cookies: readsCookies ? parseCookies(request.cookie ?? '', pairsMax) : noPairs,
  })
  const cut = (location: 'query' | 'cookie', { isCut }: RawPairs): readonly Violation[] =>
    isCut ? [violation('too_many_parameters', { location, target: location }, `${pairsMax}`)] : []
  const isDeclared = (name: string): boolean =>
    declared.has(name) ||
    parameters.some(({ profile, decoder }) => profile.in === 'query' && decoder.claims(name))
  return {
    check(request) {
      const sources = sourcesOf(request)
      const violations = [...cut('query', sources.query), ...cut('cookie', sources.cookies)]
      for (const parameter of parameters) violations.push(...checkParameter(parameter, sources))
      const names = [...sources.query.values.keys()]
      return { violations, undeclaredQueryParameters: names.filter((name) => !isDeclared(name)) }
    },
    decode(request) {
      const sources = sourcesOf(request)
      const valuesIn = (location: ParameterLocation): { readonly [name: string]: unknown } =>
        Object.fromEntries(
          parameters
            .filter(({ profile }) => profile.in === location)
            .flatMap((parameter) => readValue(parameter, sources)),
        )
      return {
        path: valuesIn('path'),
        query: valuesIn('query'),
        header: valuesIn('header'),
        cookie: valuesIn('cookie'),
      }
    },
  }
}

const locations: readonly ParameterLocation[] = ['path', 'query', 'header', 'cookie']

type CompiledParameter = {
  readonly profile: ParameterProfile
  readonly check: Check | null
  readonly shape: ValueShape
  readonly decoder: ParameterDecoder
}

function compileParameter(
  profile: ParameterProfile,
  schemas: SchemaProfile['schemas'],
  declared: ReadonlySet<string>,
): CompiledParameter {
  const { in: location, name, schema, explode } = profile
  const shape = shapeOf(schema, (ref) => member(schemas, referenceName(ref) ?? ''))
  const style = profile.style ?? defaultStyles[location]
  const form = { in: location, name, style, explode, isJson: profile.is_json === true }
  return {
    profile,
    check: schema === null ? null : compileSchema(schema, schemas),
    shape,
    decoder: createDecoder(form, shape, declared),
  }
}

const NONE: readonly Violation[] = []

function checkParameter(
  parameter: CompiledParameter,
  sources: ParameterSources,
): readonly Violation[] {
  const { profile, check, decoder } = parameter
  const decoded = decoder.decode(sources)
  if (decoded.kind === 'values') {
    if (check === null || (decoded.isEmpty && profile.allow_empty === true)) return NONE
    return conforming(check, decoded.candidates) === NOTHING
      ? findingsAt(parameter, check, decoded.candidates)
      : NONE
  }
  return notDecoded(parameter, decoded)
}

function notDecoded(
  parameter: CompiledParameter,
  decoded: Exclude<Decoded, { kind: 'values' }>,
): readonly Violation[] {
  const { profile, shape } = parameter
  const where = { location: profile.in, target: profile.name }
  switch (decoded.kind) {
    case 'absent':
      return profile.required && !isUnseen(parameter) ? [violation('missing', where)] : NONE
    case 'repeated':
      return [violation('repeated', where)]
    case 'failed':
      return decoded.failure === 'malformed'
        ? [violation('type', where, shape.kinds[0])]
        : [violation(decoded.failure, where)]
  }
}

/** Nothing tells an object without members from none at all, so it is taken for what the schema allows. */
function isUnseen({ check, decoder }: CompiledParameter): boolean {
  return decoder.isEmptyUnseen && (check === null || findingsOf(check, {}).length === 0)
}

/** `null` and `undefined` can be values. */
const NOTHING = Symbol('nothing')

/** The first reading that conforms. */
function conforming(check: Check, candidates: readonly unknown[]): unknown {
  for (const candidate of candidates) {
    if (findingsOf(check, candidate).length === 0) return candidate
  }
  return NOTHING
}

/** What is wrong with the preferred reading. */
function findingsAt(
  { profile }: CompiledParameter,
  check: Check,
  [preferred]: readonly unknown[],
): readonly Violation[] {
  const where = { location: profile.in, target: profile.name }
  return findingsOf(check, preferred).map((finding) =>
    violation(finding.kind, where, finding.argument),
  )
}

function readValue(
  { profile, check, decoder }: CompiledParameter,
  sources: ParameterSources,
): readonly (readonly [name: string, value: unknown])[] {
  const decoded = decoder.decode(sources)
  if (decoded.kind !== 'values') return []
  const { candidates } = decoded
  const value = check === null ? NOTHING : conforming(check, candidates)
  return [[profile.name, value === NOTHING ? candidates[0] : value]]
}
