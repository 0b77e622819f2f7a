/**
 * The older API of the mitigation action of one operation. It knows every saved operation: one without an action of its own
 * has `null`, which follows the zone.
 */
import { ok } from '#engines/result'
import { problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { updateOperationSetting } from '../../schema-validation/settings/operations.ts'

export async function getOperationAction({ ports, param }: Call): Promise<Outcome> {
  const ids = [param('operation_id')]
  const { documents } = await ports.zone.read({ operation: ids, operation_setting: ids })
  const [operation] = documents.operation
  if (operation === undefined) return problem('not_found')
  const { operation_id } = operation
  const mitigation_action = documents.operation_setting[0]?.mitigation_action ?? null
  return ok({ result: { operation_id, mitigation_action }, flattened: true })
}

export async function updateOperationAction(call: Call): Promise<Outcome> {
  const outcome = await updateOperationSetting(call)
  return outcome.ok ? ok({ ...outcome.value, flattened: true }) : outcome
}
