/**
 * Where the zone speaks GraphQL and how its requests are judged. PUT replaces all settings, and what it leaves out is as it
 * was before anybody set it; PATCH changes what it names.
 */
import { graphqlLimits } from '#engines/graphql'
import {
  describeHostError,
  describeTemplateError,
  parseHostPattern,
  parseTemplate,
} from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import * as z from 'zod/mini'
import { SINGLETON } from '../../../storage/collections.ts'
import type { Operation } from '../../../storage/resources.ts'
import {
  DEFAULT_GRAPHQL_SETTINGS,
  type GraphqlEndpoint,
  type GraphqlSettings,
} from '../../../storage/resources/graphql.ts'
import { readBody } from '../../body.ts'
import type { Problem, Problems } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { transact } from '../../transaction.ts'

/** By an operation, or by host and path; what GET prints has both and may be put back. */
const ENDPOINT = z.strictObject({
  operation_id: z.exactOptional(z.string()),
  host: z.exactOptional(z.string()),
  path: z.exactOptional(z.string()),
})

type WrittenEndpoint = z.infer<typeof ENDPOINT>

const VARIABLES = z.strictObject({
  bytes_max: z.exactOptional(
    z.int().check(z.minimum(0), z.maximum(graphqlLimits.variablesBytesMax)),
  ),
  depth_max: z.exactOptional(z.int().check(z.minimum(3), z.maximum(graphqlLimits.jsonDepthMax))),
})

/** Strict: a setting that is misspelt would protect nobody. */
const BODY = z.strictObject({
  endpoints: z.exactOptional(z.array(ENDPOINT).check(z.maxLength(LIMITS.graphqlEndpointsMax))),
  depth_counts_root: z.exactOptional(z.boolean()),
  unparsed_action: z.exactOptional(z.nullable(z.enum(['none', 'log', 'block']))),
  persisted_queries: z.exactOptional(z.enum(['off', 'allow', 'only'])),
  variables: z.exactOptional(VARIABLES),
})

type Body = z.infer<typeof BODY>

export async function getGraphqlSettings({ ports }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ graphql_settings: [SINGLETON] })
  return ok({ result: documents.graphql_settings[0] ?? DEFAULT_GRAPHQL_SETTINGS })
}

export function updateGraphqlSettings(call: Call): Promise<Outcome> {
  return save(call, 'portcullis.graphql.settings.update', () => DEFAULT_GRAPHQL_SETTINGS)
}

export function editGraphqlSettings(call: Call): Promise<Outcome> {
  return save(call, 'portcullis.graphql.settings.edit', (current) => current)
}

async function save(
  { ports, request, actor }: Call,
  action: string,
  basis: (current: GraphqlSettings) => GraphqlSettings,
): Promise<Outcome> {
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const written = body.value.endpoints ?? []
  const named = written.flatMap(({ operation_id: id }) => (id === undefined ? [] : [id]))
  const selection = { graphql_settings: [SINGLETON], operation: named }
  return transact(ports, { selection, actor, action }, async (documents) => {
    const endpoints = readEndpoints(written, documents.operation)
    if (!endpoints.ok) return endpoints
    const stored = documents.graphql_settings[0]
    const base = basis(stored ?? DEFAULT_GRAPHQL_SETTINGS)
    const settings = changed(base, body.value, endpoints.value)
    const same = stored !== undefined && JSON.stringify(stored) === JSON.stringify(settings)
    return ok({
      puts: same ? [] : [{ collection: 'graphql_settings', id: SINGLETON, body: settings }],
      deletes: [],
      result: settings,
    })
  })
}

function changed(
  base: GraphqlSettings,
  body: Body,
  endpoints: readonly GraphqlEndpoint[],
): GraphqlSettings {
  return {
    ...base,
    ...body,
    endpoints: body.endpoints === undefined ? base.endpoints : endpoints,
    variables: { ...base.variables, ...body.variables },
  }
}

/** In their canonical spelling. */
function readEndpoints(
  written: readonly WrittenEndpoint[],
  operations: readonly Operation[],
): Result<readonly GraphqlEndpoint[], Problems> {
  const known = new Map(operations.map((operation) => [operation.operation_id, operation]))
  const problems: Problem[] = []
  const endpoints = written.flatMap((endpoint, number) => {
    const operation = known.get(endpoint.operation_id ?? '')
    const read =
      operation === undefined ? readPlace(endpoint, `/endpoints/${number}`) : ok(placeOf(operation))
    if (read.ok) return [read.value]
    problems.push(...read.error)
    return []
  })
  return problems.length > 0 ? err(problems) : ok(endpoints)
}

function placeOf({ host, endpoint: path, operation_id }: Operation): GraphqlEndpoint {
  return { host, path, operation_id }
}

function readPlace(
  { operation_id, host, path }: WrittenEndpoint,
  pointer: string,
): Result<GraphqlEndpoint, Problems> {
  if (host === undefined || path === undefined) {
    return err([
      operation_id === undefined
        ? invalid('Either operation_id or host and path are needed.', pointer)
        : invalid('There is no operation with this id.', `${pointer}/operation_id`),
    ])
  }
  const canonicalHost = parseHostPattern(host)
  const template = parseTemplate(path)
  if (canonicalHost.ok && template.ok) {
    return ok({ host: canonicalHost.value, path: template.value.endpoint })
  }
  const problems: Problem[] = []
  if (!canonicalHost.ok) {
    problems.push(invalid(describeHostError(canonicalHost.error), `${pointer}/host`))
  }
  if (!template.ok) {
    problems.push(invalid(describeTemplateError(template.error), `${pointer}/path`))
  }
  return err(problems)
}

function invalid(message: string, pointer: string): Problem {
  return { error: 'invalid_body', message, pointer }
}
