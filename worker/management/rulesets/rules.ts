/** Single rules of a ruleset: added, changed, moved, taken away. Every call answers the whole ruleset as it is then. */
import * as z from 'zod/mini'
import { ok, type Result } from '#engines/result'
import type { Rule, Ruleset } from '../../storage/resources.ts'
import { readBody } from '../body.ts'
import { problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { changeRuleset, type RulesetState, type RulesetStep } from './change.ts'
import { contentOf, nextRule, nextRuleset } from './next-ruleset.ts'
import { placed, POSITION } from './position.ts'
import { readOneRule } from './read-rules.ts'
import { rulesetOf } from './scope.ts'

const BODY = z.looseObject({ position: POSITION })

/** At the end, unless a position says otherwise. */
export async function createRule(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, BODY)
  if (!body.ok) return body
  const { position, ...wanted } = body.value
  return changeRuleset(call, 'rulesets.rules.create', (state) => {
    const stored = rulesetOf(state.documents.ruleset, call)
    if (stored === undefined) return problem('not_found')
    const content = readOneRule(wanted, contextOf(stored, state), '')
    if (!content.ok) return content
    const rule = nextRule(undefined, content.value, state.using)
    const rules = placed(rule, stored.rules, position ?? { after: '' })
    return rules.ok ? stepTo(stored, rules.value, state) : rules
  })
}

/** What the body does not say stays as it is, also the rule's place. */
export async function editRule(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, BODY)
  if (!body.ok) return body
  const { position, ...wanted } = body.value
  return changeRuleset(call, 'rulesets.rules.edit', (state) => {
    const found = findRule(state, call)
    if (!found.ok) return found
    const { stored, rule } = found.value
    const content = readOneRule(merged(rule, wanted), contextOf(stored, state), '')
    if (!content.ok) return content
    const next = nextRule(rule, content.value, state.using)
    const others = stored.rules.filter(({ id }) => id !== rule.id)
    const rules =
      position === undefined
        ? ok(stored.rules.map((each) => (each === rule ? next : each)))
        : placed(next, others, position)
    return rules.ok ? stepTo(stored, rules.value, state) : rules
  })
}

export async function deleteRule(call: Call): Promise<Outcome> {
  return changeRuleset(call, 'rulesets.rules.delete', (state) => {
    const found = findRule(state, call)
    if (!found.ok) return found
    const { stored, rule } = found.value
    const left = stored.rules.filter((each) => each !== rule)
    return stepTo(stored, left, state)
  })
}

/** Parameters belong to an action: another action starts without those of the old one. */
function merged(rule: Rule, wanted: { readonly [member: string]: unknown }): unknown {
  const { action_parameters, ...content } = contentOf(rule)
  const { action = rule.action } = wanted
  const kept = action === rule.action && action_parameters !== undefined
  return { ...content, ...(kept ? { action_parameters } : {}), ...wanted }
}

function findRule(
  { documents }: RulesetState,
  call: Call,
): Result<{ readonly stored: Ruleset; readonly rule: Rule }, Problems> {
  const stored = rulesetOf(documents.ruleset, call)
  const rule = stored?.rules.find(({ id }) => id === call.param('rule_id'))
  return stored === undefined || rule === undefined ? problem('not_found') : ok({ stored, rule })
}

function contextOf({ kind, phase }: Ruleset, { lists }: RulesetState) {
  return { kind, phase, lists }
}

function stepTo(
  stored: Ruleset,
  rules: readonly Rule[],
  { using }: RulesetState,
): Result<RulesetStep, Problems> {
  const { kind, phase } = stored
  const after = nextRuleset(stored, { kind, phase, rules }, using)
  return ok({ before: stored, after, pointer: () => '' })
}
