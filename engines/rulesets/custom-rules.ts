/** The rules that operators write, as Cloudflare's phase http_request_firewall_custom has them. */
import type { ActionParameters } from '#engines/rule-files'
import { compiled } from './compiled.ts'
import { indexRules } from './index-rules.ts'
import type { PlanInput, RuleInput, RulesetInput } from './input.ts'
import type { Rule, RuleAction, RuleList, Skip } from './rule.ts'

const PHASE = 'http_request_firewall_custom'

/** Entry points in the order in which they run: what holds for the account holds before what holds for the zone. */
const ENTRY_KINDS = ['root', 'zone'] as const

export function customLists<Needs>(input: PlanInput<Needs>): readonly RuleList<Needs>[] {
  const ofPhase = input.rulesets.filter(({ phase }) => phase === PHASE)
  return ENTRY_KINDS.flatMap((kind) =>
    ofPhase.filter((ruleset) => ruleset.kind === kind).map((ruleset) => listOf(ruleset, input)),
  )
}

function listOf<Needs>(ruleset: RulesetInput, input: PlanInput<Needs>): RuleList<Needs> {
  const rules = ruleset.rules
    .filter(({ enabled }) => enabled)
    .map((rule) => compileRule(rule, ruleset, input))
  return { rulesetId: ruleset.id, candidates: indexRules(rules) }
}

function compileRule<Needs>(
  rule: RuleInput,
  ruleset: RulesetInput,
  input: PlanInput<Needs>,
): Rule<Needs> {
  const expression = compiled(rule.expression, input.lists)
  return {
    id: rule.id,
    description: rule.description,
    rulesetId: ruleset.id,
    source: 'firewallCustom',
    expression,
    operationIds: null,
    needs: input.needs(expression),
    action: compileAction(rule, ruleset, input),
  }
}

/** One row an action; a stored rule has no other. */
function compileAction<Needs>(
  { id, action, action_parameters = {}, logging }: RuleInput,
  ruleset: RulesetInput,
  input: PlanInput<Needs>,
): RuleAction<Needs> {
  switch (action) {
    case 'log':
      return { kind: 'log' }
    case 'block':
      return { kind: 'block', response: action_parameters.response ?? null }
    case 'skip':
      return { kind: 'skip', skip: skipOf(action_parameters), isLogged: logging?.enabled ?? true }
    case 'execute':
      return { kind: 'execute', list: executed(action_parameters.id, ruleset, input) }
    default:
      throw new Error(`rule ${id} has the action ${action}, which is none`)
  }
}

function skipOf({ ruleset, phases, rulesets, rules }: ActionParameters): Skip {
  return {
    isCurrentRuleset: ruleset === 'current',
    phases: new Set(phases),
    rulesetIds: new Set(rulesets),
    ruleIds: new Set(Object.values(rules ?? {}).flat()),
  }
}

/** Only entry points execute, and only custom rulesets are executed, so there is no circle. */
function executed<Needs>(
  id: string | undefined,
  from: RulesetInput,
  input: PlanInput<Needs>,
): RuleList<Needs> {
  const target = input.rulesets.find((ruleset) => ruleset.id === id)
  if (target?.kind !== 'custom' || from.kind === 'custom') {
    throw new Error(`ruleset ${from.id} executes ${id ?? 'nothing'}, which it cannot`)
  }
  return listOf(target, input)
}
