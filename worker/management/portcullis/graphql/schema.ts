/**
 * The GraphQL schema that costs are counted by (`@cost` and `@listSize`). It is checked when it is uploaded, with the place of
 * what is wrong; requests are not validated against it.
 */
import { compileCostSchema, costSettings } from '#engines/graphql'
import { ok } from '#engines/result'
import * as z from 'zod/mini'
import { SINGLETON } from '../../../storage/collections.ts'
import type { GraphqlSchema } from '../../../storage/resources/graphql.ts'
import { packCost } from '../../../storage/resources/graphql-cost.ts'
import { readBody } from '../../body.ts'
import { problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { transact } from '../../transaction.ts'

const COUNT = z.int().check(z.minimum(0), z.maximum(LIMITS.graphqlCostSettingMax))

const BODY = z.strictObject({
  schema: z.string().check(z.minLength(1), z.maxLength(LIMITS.graphqlSchemaCharactersMax)),
  default_list_size: z.exactOptional(COUNT),
  mutation_cost: z.exactOptional(COUNT),
})

export async function updateGraphqlSchema({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, BODY, LIMITS.uploadBytesMax)
  if (!body.ok) return body
  const { schema: source } = body.value
  const { default_list_size = costSettings.listSize, mutation_cost = costSettings.mutationCost } =
    body.value
  const settings = { listSize: default_list_size, mutationCost: mutation_cost }
  const compiled = compileCostSchema(source, settings)
  if (!compiled.ok) {
    const { message, line, column } = compiled.error
    return problem('invalid_graphql', `Line ${line}, column ${column}: ${message}.`, '/schema')
  }
  const next: GraphqlSchema = {
    schema: source,
    default_list_size,
    mutation_cost,
    created_at: new Date(ports.nowMs()).toISOString(),
  }
  const cost = packCost(compiled.value)
  if (JSON.stringify(cost).length > LIMITS.graphqlCostCharactersMax) {
    return problem('limit_reached', 'The schema has too many fields.', '/schema')
  }
  const action = 'portcullis.graphql.schema.update'
  return transact(ports, { selection: {}, actor, action }, async () =>
    ok({
      puts: [
        { collection: 'graphql_schema', id: SINGLETON, body: next },
        { collection: 'graphql_cost', id: SINGLETON, body: cost },
      ],
      deletes: [],
      result: next,
    }),
  )
}

export async function getGraphqlSchema({ ports }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ graphql_schema: [SINGLETON] })
  const [schema] = documents.graphql_schema
  return schema === undefined ? problem('not_found') : ok({ result: schema })
}

export async function deleteGraphqlSchema({ ports, actor }: Call): Promise<Outcome> {
  const transaction = {
    selection: { graphql_schema: [SINGLETON] },
    actor,
    action: 'portcullis.graphql.schema.delete',
  }
  return transact(ports, transaction, async ({ graphql_schema: stored }) =>
    stored.length === 0
      ? problem('not_found')
      : ok({
          puts: [],
          deletes: [
            { collection: 'graphql_schema', id: SINGLETON },
            { collection: 'graphql_cost', id: SINGLETON },
          ],
          result: null,
        }),
  )
}
