/**
 * The zone's schema validation settings. PUT replaces them, so an override that is left out is cleared; PATCH changes
 * what it names. `null` and the older word `disable_override` both clear the override.
 */
import * as z from 'zod/mini'
import { ok } from '#engines/result'
import { SINGLETON } from '../../storage/collections.ts'
import type { SchemaSettings } from '../../storage/resources.ts'
import { readBody } from '../body.ts'
import type { Call, Outcome } from '../handler.ts'
import { transact } from '../transaction.ts'

/** Nothing is validated until an operator says so. */
const DEFAULT_SETTINGS: SchemaSettings = {
  validation_default_mitigation_action: 'none',
  validation_override_mitigation_action: null,
}

const ACTION = z.enum(['none', 'log', 'block'])
const OVERRIDE = z.optional(z.nullable(z.enum(['none', 'disable_override'])))

/** Ours, beside what Cloudflare has. */
const SAMPLE = z.optional(z.int().check(z.minimum(0), z.maximum(100)))

const REPLACEMENT = z.object({
  validation_default_mitigation_action: ACTION,
  validation_override_mitigation_action: OVERRIDE,
  response_sample_percent: SAMPLE,
})

const CHANGE = z.object({
  validation_default_mitigation_action: z.optional(ACTION),
  validation_override_mitigation_action: OVERRIDE,
  response_sample_percent: SAMPLE,
})

export async function getSettings({ ports }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ schema_settings: [SINGLETON] })
  return ok({ result: documents.schema_settings[0] ?? DEFAULT_SETTINGS })
}

export async function updateSettings(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, REPLACEMENT)
  if (!body.ok) return body
  const { validation_default_mitigation_action, validation_override_mitigation_action } = body.value
  const { response_sample_percent: percent } = body.value
  return saveSettings(call, 'schema_validation.settings.update', () => ({
    validation_default_mitigation_action,
    validation_override_mitigation_action: overrideOf(validation_override_mitigation_action),
    ...(percent === undefined ? {} : { response_sample_percent: percent }),
  }))
}

export async function editSettings(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, CHANGE)
  if (!body.ok) return body
  const action = body.value.validation_default_mitigation_action
  const override = body.value.validation_override_mitigation_action
  const percent = body.value.response_sample_percent
  return saveSettings(call, 'schema_validation.settings.edit', (current) => ({
    validation_default_mitigation_action: action ?? current.validation_default_mitigation_action,
    validation_override_mitigation_action:
      override === undefined ? current.validation_override_mitigation_action : overrideOf(override),
    ...(percent === undefined ? sampleOf(current) : { response_sample_percent: percent }),
  }))
}

function overrideOf(word: 'none' | 'disable_override' | null | undefined): 'none' | null {
  return word === 'none' ? 'none' : null
}

/** Kept by a change that does not name it. */
export function sampleOf({
  response_sample_percent: percent,
}: SchemaSettings): Pick<SchemaSettings, 'response_sample_percent'> {
  return percent === undefined ? {} : { response_sample_percent: percent }
}

/** Also for the older API of the same settings. */
export function saveSettings(
  { ports, actor }: Call,
  action: string,
  change: (current: SchemaSettings) => SchemaSettings,
): Promise<Outcome> {
  return transact(
    ports,
    { selection: { schema_settings: [SINGLETON] }, actor, action },
    async (documents) => {
      const stored = documents.schema_settings[0]
      const settings = change(stored ?? DEFAULT_SETTINGS)
      const same = stored !== undefined && JSON.stringify(stored) === JSON.stringify(settings)
      return ok({
        puts: same ? [] : [{ collection: 'schema_settings', id: SINGLETON, body: settings }],
        deletes: [],
        result: settings,
      })
    },
  )
}
