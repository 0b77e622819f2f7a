/** The saved operations as OpenAPI documents, one a host. Learned schemas join them when there are any. */
import { describeOperations } from '#engines/openapi'
import { ok } from '#engines/result'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { readFeatures } from './operation-features.ts'

export async function listOperationSchemas({ ports, query }: Call): Promise<Outcome> {
  const features = readFeatures(query)
  if (!features.ok) return features
  if (query.getAll('include_schema_kind').some((kind) => kind !== 'learned')) {
    return problem('invalid_query', 'include_schema_kind must be learned.')
  }
  const hosts = new Set(query.getAll('host').map((host) => host.toLowerCase()))
  const { documents } = await ports.zone.read({ operation: 'all' })
  const wanted = documents.operation.filter(({ host }) => hosts.size === 0 || hosts.has(host))
  const timestamp = new Date(ports.nowMs()).toISOString()
  return ok({ result: { schemas: describeOperations(wanted), timestamp } })
}
