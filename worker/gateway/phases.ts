/**
 * The phases of rules, in order. Everything that can stop a request is a rule of one of them; settings such as a schema's
 * default action become rules here.
 */
import { compileExpression } from '#engines/expressions'
import type { PublishedZone } from '../storage/collections.ts'
import type { MitigationAction, SchemaSettings } from '../storage/resources.ts'
import { type CompiledRule, createRule } from './rule.ts'

type Phase = {
  readonly name: string
  /** @throws when the configuration holds a rule that does not compile: the snapshot is refused then. */
  compile(zone: PublishedZone, describedOperationIds: ReadonlySet<string>): readonly CompiledRule[]
}

export const PHASES: readonly Phase[] = [
  // Identity and order before content: who may not come in has nothing parsed for him.
  { name: 'http_request_firewall_custom', compile: customRules },
  // Content last: it reads the body.
  { name: 'schema_validation', compile: schemaRules },
]

function customRules(zone: PublishedZone): readonly CompiledRule[] {
  const rulesets = zone.ruleset.filter(
    (ruleset) => ruleset.phase === 'http_request_firewall_custom',
  )
  return rulesets.flatMap((ruleset) =>
    ruleset.rules
      .filter((rule) => rule.enabled)
      .map((rule) =>
        createRule({
          id: rule.id,
          description: rule.description,
          rulesetId: ruleset.id,
          source: 'firewallCustom',
          action: rule.action,
          response: rule.action_parameters?.response ?? null,
          expression: compiled(rule.expression),
          operationIds: null,
        }),
      ),
  )
}

const NO_SETTINGS: SchemaSettings = {
  validation_default_mitigation_action: 'none',
  validation_override_mitigation_action: null,
}

/** `log` before `block`, as everywhere: the block ends the request. */
const SCHEMA_ACTIONS = ['log', 'block'] as const

function schemaRules(
  zone: PublishedZone,
  describedOperationIds: ReadonlySet<string>,
): readonly CompiledRule[] {
  const settings = zone.schema_settings[0] ?? NO_SETTINGS
  if (settings.validation_override_mitigation_action === 'none') return []
  const ownAction = new Map(
    zone.operation_setting.map((own) => [own.operation_id, own.mitigation_action]),
  )
  const actionOf = (operationId: string): MitigationAction =>
    ownAction.get(operationId) ?? settings.validation_default_mitigation_action
  return SCHEMA_ACTIONS.flatMap((action) => {
    const operationIds = new Set([...describedOperationIds].filter((id) => actionOf(id) === action))
    if (operationIds.size === 0) return []
    return createRule({
      id: `schema-validation-${action}`,
      description: 'The request departs from the uploaded schema of its operation',
      rulesetId: null,
      source: 'apiShieldSchemaValidation',
      action,
      response: null,
      expression: compiled('cf.schema_validation.uploaded.violated'),
      operationIds,
    })
  })
}

function compiled(source: string): CompiledRule['expression'] {
  const result = compileExpression(source)
  if (!result.ok) throw new Error(`rule does not compile: ${source}: ${result.error.message}`)
  return result.value
}
