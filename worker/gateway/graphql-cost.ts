/** What costs of GraphQL queries are counted by, unpacked when the first query asks: it may be large. */
import type { CostSchema } from '#engines/graphql'
import type { PublishedZone } from '../storage/collections.ts'
import { unpackCost } from '../storage/resources/graphql-cost.ts'

/** Answers undefined when no schema was uploaded. */
export function createCostSchema({
  graphql_cost: [stored],
}: PublishedZone): () => CostSchema | undefined {
  let unpacked: CostSchema | undefined
  return () => {
    if (stored !== undefined) unpacked ??= unpackCost(stored)
    return unpacked
  }
}
