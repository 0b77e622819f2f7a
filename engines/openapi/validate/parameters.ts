/**
 * Path, query, header and cookie parameters of one operation.
 *
 * Promises that a text is read as the types its schema names (`12` for a number is 12), that a required parameter is
 * there, and that one which holds one value is given once.
 */
import { requestLimits } from '../limits.ts'
import type { ParameterLocation, ParameterSources } from '../parameters/decoder.ts'
import { noPairs, parseCookies, parseQuery, type RawPairs } from '../parameters/raw-pairs.ts'
import type { OperationProfile } from '../profile.ts'
import { violation, type Violation } from '../violations.ts'
import { checkParameter, compileParameter, readValue } from './parameter.ts'
import type { RequestParts } from './request.ts'
import type { SchemaSet } from './schema-set.ts'

/** What the checks of one operation's parameters found. */
type ParameterFindings = {
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
  schemas: SchemaSet,
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
  const spread = parameters.filter(
    ({ profile, decoder }) => profile.in === 'query' && decoder.isEmptyUnseen,
  )
  const isDeclared = (name: string): boolean =>
    declared.has(name) || spread.some(({ decoder }) => decoder.claims(name))
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
