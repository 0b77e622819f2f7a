/**
 * The one way by which a ruleset comes to another state: a step says how, here it is checked against the other rulesets
 * and the quotas, and committed with the version it replaces; or, with `dry_run`, answered as if.
 */
import type { ListKinds } from '#engines/rule-files'
import { err, ok, type Result } from '#engines/result'
import type { Documents } from '../../storage/ports.ts'
import type { Ruleset } from '../../storage/resources.ts'
import { type Problem, problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { readFlag } from '../pagination.ts'
import { type Decision, transact } from '../transaction.ts'
import { savingRuleset, RULESET_SELECTION } from './history.ts'
import { rulesetPorts, type RulesetPorts } from './next-ruleset.ts'
import { quotaProblem } from './quota.ts'
import { listKindsOf, repeated, ruleProblem } from './read-rules.ts'
import { referenceIssues } from './references.ts'

export type RulesetState = {
  readonly documents: Documents
  readonly lists: ListKinds
  readonly using: RulesetPorts
}

export type RulesetStep = {
  /** `undefined` for a new ruleset. */
  readonly before: Ruleset | undefined
  readonly after: Ruleset
  /** Where in the body the rule with this index stands. */
  readonly pointer: (index: number) => string
}

/** `action` is for the audit log. */
export async function changeRuleset(
  call: Call,
  action: string,
  step: (state: RulesetState) => Result<RulesetStep, Problems>,
): Promise<Outcome> {
  return transactRulesets(call, action, (documents) => {
    const lists = listKindsOf(documents)
    const next = step({ documents, lists, using: rulesetPorts(call.ports) })
    if (!next.ok) return next
    const problems = stepProblems(documents.ruleset, next.value)
    if (problems.length > 0) return err(problems)
    const { before, after } = next.value
    return ok({ ...savingRuleset(documents, before, after), result: after })
  })
}

/** A transaction over rulesets that commits nothing when the query says `dry_run`. */
export async function transactRulesets<T>(
  { ports, query, actor }: Call,
  action: string,
  decide: (documents: Documents) => Result<Decision<T>, Problems>,
): ReturnType<typeof transact<T>> {
  const dryRun = readFlag(query, 'dry_run')
  if (!dryRun.ok) return dryRun
  const transaction = { selection: RULESET_SELECTION, actor, action, dryRun: dryRun.value ?? false }
  return transact(ports, transaction, async (documents) => decide(documents))
}

function stepProblems(
  rulesets: readonly Ruleset[],
  { before, after, pointer }: RulesetStep,
): Problems {
  if (before === after) return []
  const others = rulesets.filter(({ id }) => id !== after.id)
  const all = [...others, after]
  const known = new Set(before?.rules)
  const problems: readonly Problem[] = [
    ...repeated(
      after.rules.map(({ ref }) => ref),
      'ref',
      pointer,
    ),
    // A rule that was there before may name what is gone since: skipping nothing harms nobody.
    ...after.rules.flatMap((rule, index) =>
      known.has(rule)
        ? []
        : referenceIssues(rule, after, all).map((each) => ruleProblem(each, pointer(index))),
    ),
  ]
  const quota = quotaProblem(all, [after])
  return quota === null ? problems : [...problems, ...problem('limit_reached', quota).error]
}
