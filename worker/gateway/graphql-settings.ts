/** The zone's GraphQL settings as the data plane asks them: where GraphQL is spoken, how it is measured, what is registered. */
import {
  createGraphqlMeasurer,
  graphqlLimits,
  type GraphqlMeasurement,
  type GraphqlMeasurer,
  type GraphqlRequest,
} from '#engines/graphql'
import { compileOperations, type OperationMatcher } from '#engines/paths'
import { isUsualGraphqlPath, withoutMatrixParameters } from '#engines/request-fields'
import type { PublishedZone } from '../storage/collections.ts'
import {
  DEFAULT_GRAPHQL_SETTINGS,
  type GraphqlEndpoint,
  type GraphqlSettings,
} from '../storage/resources/graphql.ts'
import { createCostSchema } from './graphql-cost.ts'

/** A host and a path, either of which may be a template. */
export type GraphqlPlace = { readonly host: string; readonly path: string }

export type GraphqlProtection = {
  readonly settings: GraphqlSettings
  /** In one pass and without a pause, so that one block of memory serves all requests; it is taken at the first. */
  measure(request: GraphqlRequest): GraphqlMeasurement
  /** By the SHA-256 of the text, in lower-case hex. */
  readonly documents: ReadonlyMap<string, string>
  /** The place where a request may be GraphQL; `null` is none. */
  place(at: GraphqlPlace): GraphqlPlace | null
}

export function compileGraphql(zone: PublishedZone): GraphqlProtection {
  const settings = zone.graphql_settings[0] ?? DEFAULT_GRAPHQL_SETTINGS
  const endpoints = compileEndpoints(settings.endpoints)
  const { depth_counts_root: depthCountsRoot } = settings
  const costSchema = createCostSchema(zone)
  let measurer: GraphqlMeasurer | null = null
  return {
    settings,
    measure(request) {
      measurer ??= measurerFor(settings)
      return measurer.measure(request, { depthCountsRoot, schema: costSchema() })
    },
    documents: new Map(zone.graphql_document.map(({ sha256, query }) => [sha256, query])),
    place(at) {
      if (settings.endpoints.length === 0) return isUsualGraphqlPath(at.path) ? at : null
      const match = endpoints.match({ method: METHOD, ...plain(at) })
      return match === null ? null : match.operation.place
    },
  }
}

function measurerFor({ variables }: GraphqlSettings): GraphqlMeasurer {
  return createGraphqlMeasurer({
    ...graphqlLimits,
    variablesBytesMax: Math.min(variables.bytes_max, graphqlLimits.variablesBytesMax),
    jsonDepthMax: Math.min(variables.depth_max, graphqlLimits.jsonDepthMax),
  })
}

/** Stands for all methods: an endpoint is one whatever the method of the operation that names it. */
const METHOD = 'POST'

type Endpoint = {
  readonly method: string
  readonly host: string
  readonly endpoint: string
  readonly place: GraphqlPlace
}

function compileEndpoints(written: readonly GraphqlEndpoint[]): OperationMatcher<Endpoint> {
  const endpoints = written.map(({ host, path }): Endpoint => {
    const { host: plainHost, path: endpoint } = plain({ host, path })
    return { method: METHOD, host: plainHost, endpoint, place: { host, path } }
  })
  return compileOperations(endpoints)
}

/** One spelling of what servers commonly take for the same: in any case, with a slash at the end, with matrix parameters. */
function plain({ host, path }: GraphqlPlace): GraphqlPlace {
  const withoutSlash = withoutMatrixParameters(path).toLowerCase().replace(/\/+$/, '')
  return { host, path: withoutSlash === '' ? '/' : withoutSlash }
}
