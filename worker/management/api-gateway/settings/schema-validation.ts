/**
 * The older API of the zone's schema validation settings: the same settings. PUT replaces them; in PATCH `null` changes
 * nothing here, and only `disable_override` clears the override.
 */
import * as z from 'zod/mini'
import { ok } from '#engines/result'
import { readBody } from '../../body.ts'
import type { Call, Outcome } from '../../handler.ts'
import {
  getSettings,
  sampleOf,
  saveSettings,
  updateSettings,
} from '../../schema-validation/settings.ts'

const CHANGE = z.object({
  validation_default_mitigation_action: z.nullish(z.enum(['none', 'log', 'block'])),
  validation_override_mitigation_action: z.nullish(z.enum(['none', 'disable_override'])),
})

export async function getOlderSettings(call: Call): Promise<Outcome> {
  return flattened(await getSettings(call))
}

export async function updateOlderSettings(call: Call): Promise<Outcome> {
  return flattened(await updateSettings(call))
}

export async function editOlderSettings(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, CHANGE)
  if (!body.ok) return body
  const action = body.value.validation_default_mitigation_action ?? null
  const override = body.value.validation_override_mitigation_action ?? null
  return flattened(
    await saveSettings(call, 'api_gateway.settings.schema_validation.edit', (current) => ({
      validation_default_mitigation_action: action ?? current.validation_default_mitigation_action,
      validation_override_mitigation_action:
        override === null ? current.validation_override_mitigation_action : overrides[override],
      ...sampleOf(current),
    })),
  )
}

const overrides = { none: 'none', disable_override: null } as const

function flattened(outcome: Outcome): Outcome {
  return outcome.ok ? ok({ ...outcome.value, flattened: true }) : outcome
}
