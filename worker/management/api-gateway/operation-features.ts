/**
 * What an operation is shown with, when asked. `schema_info` is known; thresholds, parameter schemas and confidence
 * intervals come from learning, which has nothing to say yet, so they are left out, as Cloudflare does before it has data.
 */
import { ok, type Result } from '#engines/result'
import type { Documents, Selection } from '../../storage/ports.ts'
import type { MitigationAction, Operation } from '../../storage/resources.ts'
import { problem, type Problems } from '../envelope.ts'
import { readFlag } from '../pagination.ts'
import { activeProfile } from '../schema-validation/described.ts'

const FEATURES = ['thresholds', 'parameter_schemas', 'schema_info', 'confidence_intervals']

export type FeatureRequest = { readonly schemaInfo: boolean }

type SchemaInfo = {
  readonly active_schema?: {
    readonly id: string
    readonly name: string
    readonly created_at: string
  }
  readonly mitigation_action: MitigationAction | null
}

export type ShownOperation = Operation & {
  readonly features?: { readonly schema_info: SchemaInfo }
}

export function readFeatures(query: URLSearchParams): Result<FeatureRequest, Problems> {
  const asked = query.getAll('feature')
  if (asked.some((feature) => !FEATURES.includes(feature))) {
    return problem('invalid_query', `feature must be one of ${FEATURES.join(', ')}.`)
  }
  const withSchemas = readFlag(query, 'with_schemas')
  if (!withSchemas.ok) return withSchemas
  return ok({ schemaInfo: asked.includes('schema_info') })
}

/** What has to be read to show the features; they are dear, so only when asked for. */
export function featureSelection({ schemaInfo }: FeatureRequest): Selection {
  if (!schemaInfo) return {}
  return { schema: 'all', schema_profile: 'all', operation_setting: 'all' }
}

export function withFeatures(
  operation: Operation,
  documents: Documents,
  { schemaInfo }: FeatureRequest,
): ShownOperation {
  if (!schemaInfo) return operation
  return { ...operation, features: { schema_info: schemaInfoOf(operation, documents) } }
}

function schemaInfoOf(operation: Operation, documents: Documents): SchemaInfo {
  const setting = documents.operation_setting.find(
    ({ operation_id }) => operation_id === operation.operation_id,
  )
  const active = activeProfile(documents.schema_profile, operation)
  const schema = documents.schema.find(({ schema_id }) => schema_id === active?.schema_id)
  const mitigation_action = setting?.mitigation_action ?? null
  if (schema === undefined) return { mitigation_action }
  const { schema_id: id, name, created_at } = schema
  return { active_schema: { id, name, created_at }, mitigation_action }
}
