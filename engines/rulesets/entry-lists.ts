/** The rulesets of one phase as lists to be walked: entry points in their order, and what they execute. */
import type { ActionParameters } from '#engines/rule-files'
import { indexRules } from './index-rules.ts'
import type { PlanInput, RuleInput, RulesetInput } from './input.ts'
import type { Rule, RuleAction, RuleList, Skip } from './rule.ts'

/** Entry points in the order in which they run: what holds for the account holds before what holds for the zone. */
const ENTRY_KINDS = ['root', 'zone'] as const

/** A rule of a ruleset with its action compiled, and the rest still as it was written. */
type RuleDraft<Needs> = {
  readonly rule: RuleInput
  readonly rulesetId: string
  readonly action: RuleAction<Needs>
}

export type CompileRule<Needs> = (draft: RuleDraft<Needs>) => Rule<Needs>

export function entryLists<Needs>(
  phase: string,
  { rulesets }: Pick<PlanInput<Needs>, 'rulesets'>,
  compileRule: CompileRule<Needs>,
): readonly RuleList<Needs>[] {
  return entryPoints(phase, rulesets).map((ruleset) => listOf(ruleset, { rulesets, compileRule }))
}

export function entryPoints(
  phase: string,
  rulesets: readonly RulesetInput[],
): readonly RulesetInput[] {
  const ofPhase = rulesets.filter((ruleset) => ruleset.phase === phase)
  return ENTRY_KINDS.flatMap((kind) => ofPhase.filter((ruleset) => ruleset.kind === kind))
}

/** Only entry points execute, and only custom rulesets are executed, so there is no circle. */
export function executedBy(
  from: RulesetInput,
  id: string | undefined,
  rulesets: readonly RulesetInput[],
): RulesetInput {
  const target = rulesets.find((ruleset) => ruleset.id === id)
  if (target?.kind !== 'custom' || from.kind === 'custom') {
    throw new Error(`ruleset ${from.id} executes ${id ?? 'nothing'}, which it cannot`)
  }
  return target
}

type Around<Needs> = {
  readonly rulesets: readonly RulesetInput[]
  readonly compileRule: CompileRule<Needs>
}

function listOf<Needs>(ruleset: RulesetInput, around: Around<Needs>): RuleList<Needs> {
  const rules = ruleset.rules
    .filter(({ enabled }) => enabled)
    .map((rule) => {
      const action = compileAction(rule, ruleset, around)
      return around.compileRule({ rule, rulesetId: ruleset.id, action })
    })
  return { rulesetId: ruleset.id, candidates: indexRules(rules) }
}

/** One row an action; a stored rule has no other. */
function compileAction<Needs>(
  { id, action, action_parameters = {}, logging }: RuleInput,
  ruleset: RulesetInput,
  around: Around<Needs>,
): RuleAction<Needs> {
  switch (action) {
    case 'log':
      return { kind: 'log' }
    case 'block':
      return { kind: 'block', response: action_parameters.response ?? null }
    case 'skip':
      return { kind: 'skip', skip: skipOf(action_parameters), isLogged: logging?.enabled ?? true }
    case 'execute': {
      const target = executedBy(ruleset, action_parameters.id, around.rulesets)
      return { kind: 'execute', list: listOf(target, around) }
    }
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
