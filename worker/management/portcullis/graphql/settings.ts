/**
 * Where the zone speaks GraphQL and how its requests are judged. PUT replaces all settings, and what it leaves out is as it
 * was before anybody set it; PATCH changes what it names.
 */
import { graphqlLimits } from '#engines/graphql'
import { parseHostPattern, parseTemplate } from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import * as z from 'zod/mini'
import { SINGLETON } from '../../../storage/collections.ts'
import {
  DEFAULT_GRAPHQL_SETTINGS,
  type GraphqlEndpoint,
  type GraphqlSettings,
} from '../../../storage/resources/graphql.ts'
import { describeHostError, describeTemplateError } from '../../api-gateway/operation-triple.ts'
import { readBody } from '../../body.ts'
import type { Problem, Problems } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { transact } from '../../transaction.ts'

const ENDPOINT = z.union([
  z.strictObject({ operation_id: z.string() }),
  z.strictObject({ host: z.string(), path: z.string() }),
])

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
  const endpoints = readEndpoints(body.value.endpoints ?? [])
  if (!endpoints.ok) return endpoints
  const named = endpoints.value.flatMap((one) => ('operation_id' in one ? [one.operation_id] : []))
  const selection = { graphql_settings: [SINGLETON], operation: named }
  return transact(ports, { selection, actor, action }, async (documents) => {
    const known = new Set(documents.operation.map(({ operation_id }) => operation_id))
    const unknown = endpoints.value.flatMap((one, number) =>
      'operation_id' in one && !known.has(one.operation_id) ? [noSuchOperation(number)] : [],
    )
    if (unknown.length > 0) return err(unknown)
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
  written: readonly GraphqlEndpoint[],
): Result<readonly GraphqlEndpoint[], Problems> {
  const problems: Problem[] = []
  const endpoints = written.map((endpoint, number): GraphqlEndpoint => {
    if ('operation_id' in endpoint) return endpoint
    const pointer = `/endpoints/${number}`
    const host = parseHostPattern(endpoint.host)
    const path = parseTemplate(endpoint.path)
    if (!host.ok) problems.push(invalid(describeHostError(host.error), `${pointer}/host`))
    if (!path.ok) problems.push(invalid(describeTemplateError(path.error), `${pointer}/path`))
    return host.ok && path.ok ? { host: host.value, path: path.value.endpoint } : endpoint
  })
  return problems.length > 0 ? err(problems) : ok(endpoints)
}

function noSuchOperation(number: number): Problem {
  return invalid('There is no operation with this id.', `/endpoints/${number}/operation_id`)
}

function invalid(message: string, pointer: string): Problem {
  return { error: 'invalid_body', message, pointer }
}
