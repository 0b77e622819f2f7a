/** The schema that costs of GraphQL queries are counted by, compiled when the first query asks: it may be large. */
import { compileCostSchema, type CostSchema } from '#engines/graphql'
import type { PublishedZone } from '../storage/collections.ts'

/** @throws when it does not compile; it was checked when it was written, so that is a bug or damage. */
export function createCostSchema(zone: PublishedZone): () => CostSchema | undefined {
  const [stored] = zone.graphql_schema
  let compiled: CostSchema | undefined
  return () => {
    if (stored === undefined || compiled !== undefined) return compiled
    const result = compileCostSchema(stored.schema, {
      listSize: stored.default_list_size,
      mutationCost: stored.mutation_cost,
    })
    if (!result.ok) throw new Error(`the GraphQL schema does not compile: ${result.error.message}`)
    compiled = result.value
    return compiled
  }
}
