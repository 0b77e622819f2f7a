/** Rules that name other rulesets and rules. A name must lead somewhere when it is written. */
import type { Issue } from '#engines/rule-files'
import type { Rule, Ruleset } from '../../storage/resources.ts'

/** What is wrong with the references of a rule in a ruleset, among all rulesets as they will be. */
export function referenceIssues(
  rule: Rule,
  own: Ruleset,
  rulesets: readonly Ruleset[],
): readonly Issue[] {
  const { id, rules = {}, rulesets: skipped = [] } = rule.action_parameters ?? {}
  const byId = new Map(rulesets.map((ruleset) => [ruleset.id, ruleset]))
  const missing = skipped.filter((each) => !byId.has(each))
  return [
    ...(rule.action === 'execute' ? executeIssues(byId.get(id ?? ''), own) : []),
    ...missing.map((each) => broken(['rulesets'], `There is no ruleset with the id "${each}".`)),
    ...Object.entries(rules).flatMap(([rulesetId, ruleIds]) =>
      ruleIssues(byId.get(rulesetId), rulesetId, ruleIds),
    ),
  ]
}

/** A rule that executes the ruleset, in words; `null` when there is none. */
export function executing(rulesets: readonly Ruleset[], id: string): string | null {
  for (const ruleset of rulesets) {
    const user = ruleset.rules.find(
      (rule) => rule.action === 'execute' && rule.action_parameters?.id === id,
    )
    if (user !== undefined) return describe(user, ruleset)
  }
  return null
}

/** A rule as an error names it. */
export function describe(rule: Rule, ruleset: Ruleset): string {
  return `the rule "${rule.ref}" of the ruleset "${ruleset.name}" (${ruleset.kind}, ${ruleset.phase}, ${ruleset.id})`
}

function executeIssues(target: Ruleset | undefined, own: Ruleset): readonly Issue[] {
  if (target?.kind !== 'custom') {
    return [broken(['id'], 'There is no custom ruleset with this id.')]
  }
  return target.phase === own.phase
    ? []
    : [broken(['id'], `That ruleset is of the phase ${target.phase}, this rule of ${own.phase}.`)]
}

function ruleIssues(
  target: Ruleset | undefined,
  rulesetId: string,
  ruleIds: readonly string[],
): readonly Issue[] {
  const path = ['rules', rulesetId]
  if (target === undefined) return [broken(path, 'There is no ruleset with this id.')]
  const known = new Set(target.rules.map(({ id }) => id))
  const missing = ruleIds.filter((id) => !known.has(id))
  return missing.map((id) => broken(path, `That ruleset has no rule with the id "${id}".`))
}

function broken(path: readonly string[], message: string): Issue {
  return { about: 'form', path: ['action_parameters', ...path], message }
}
