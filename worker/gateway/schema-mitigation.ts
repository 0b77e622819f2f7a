/** For which operations a departure from the schema is noted or stops the request: the operation's own setting, else the zone's. */
import type { SchemaMitigation } from '#engines/rulesets'
import type { PublishedZone } from '../storage/collections.ts'
import type { MitigationAction } from '../storage/resources.ts'

export function schemaMitigation(
  zone: PublishedZone,
  describedOperationIds: ReadonlySet<string>,
): SchemaMitigation {
  const settings = zone.schema_settings[0]
  const isOverridden = settings?.validation_override_mitigation_action === 'none'
  const own = new Map(
    zone.operation_setting.map((set) => [set.operation_id, set.mitigation_action]),
  )
  const actionOf = (operationId: string): MitigationAction =>
    own.get(operationId) ?? settings?.validation_default_mitigation_action ?? 'none'
  const concerned = (action: MitigationAction): ReadonlySet<string> =>
    new Set([...describedOperationIds].filter((id) => !isOverridden && actionOf(id) === action))
  return { logged: concerned('log'), blocked: concerned('block') }
}
