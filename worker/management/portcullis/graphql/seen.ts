/** What is asked about every place where GraphQL was seen. */
import type { GraphqlUse } from '../../../storage/graphql-use.ts'
import type { Operation } from '../../../storage/resources.ts'
import type { ManagementPorts } from '../../ports.ts'

const DAY_MS = 86_400_000

/**
 * Costs by another schema say nothing about this one, so they count from the day on that it was uploaded, of which all may
 * count. `null`: there is no schema.
 */
export async function costsFromDay({
  zone,
}: Pick<ManagementPorts, 'zone'>): Promise<number | null> {
  const [schema] = await zone.outline('graphql_schema', ['created_at'])
  return schema === undefined ? null : Math.floor(Date.parse(schema.created_at) / DAY_MS)
}

/** The operations of a place, whatever their methods. */
export function operationIdsAt(
  { host, path }: Pick<GraphqlUse, 'host' | 'path'>,
  operations: readonly Operation[],
): readonly string[] {
  return operations
    .filter((operation) => operation.host === host && operation.endpoint === path)
    .map(({ operation_id }) => operation_id)
}
