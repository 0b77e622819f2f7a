/**
 * Brings the rules that came from files to what the files say, ruleset by ruleset. Rules made through the API keep their
 * place in front; the files' rules follow in the order of the files. A ruleset that only files made goes with its last rule
 * and its last file.
 */
import type { Documents } from '../../../storage/ports.ts'
import type { Rule, Ruleset, SeedError } from '../../../storage/resources.ts'
import { forgetting } from '../../provenance.ts'
import { deletingRuleset, savingRuleset } from '../../rulesets/history.ts'
import { nextRule, nextRuleset, type RulesetPorts } from '../../rulesets/next-ruleset.ts'
import { quotaProblem } from '../../rulesets/quota.ts'
import { executing, referenceIssues } from '../../rulesets/references.ts'
import { combined, fileError, NO_CHANGE, remembering, type SeedChange } from './change.ts'
import type { DesiredRuleset } from './desired-rules.ts'
import { type Origins, originsOf } from './origins.ts'
import { type Target, targetsOf } from './ruleset-targets.ts'

export function reconcileRulesets(
  documents: Documents,
  desired: readonly DesiredRuleset[],
  ports: RulesetPorts,
): SeedChange {
  const origins = originsOf(documents)
  const outcomes = targetsOf(documents, desired, ports).map((target) => outcomeOf(target, ports))
  const all = outcomes.flatMap(({ after }) => (after === null ? [] : [after]))
  const changed = outcomes.flatMap(({ target, after }) =>
    after === null || after === target.stored ? [] : [after],
  )
  const quota = quotaProblem(all, changed)
  const errors = [
    ...(quota === null ? [] : [fileError(desired.at(-1)?.file ?? 'rules', quota)]),
    ...outcomes.flatMap((outcome) => faultsOf(outcome, all)),
  ]
  if (errors.length > 0) return { ...NO_CHANGE, errors }
  return combined(outcomes.map((outcome) => changeOf(documents, outcome, origins)))
}

type Outcome = {
  readonly target: Target
  /** The rules of the files, in the order of `target.wanted`. */
  readonly rules: readonly Rule[]
  /** `null` when the ruleset goes, or never comes to be. */
  readonly after: Ruleset | null
}

function outcomeOf(target: Target, { now, newId }: RulesetPorts): Outcome {
  const rules = target.wanted.map(({ rule, stored, id }) =>
    nextRule(stored, rule, { now, newId: () => id }),
  )
  const { id, kind, phase, name, description, stored, fromApi, origin, file } = target
  const isLeft = stored !== undefined && origin === undefined
  const isWanted = kind === 'custom' && file !== undefined
  if (rules.length + fromApi.length === 0 && !isLeft && !isWanted) {
    return { target, rules, after: null }
  }
  const wanted = { id, kind, phase, name, description, rules: [...fromApi, ...rules] }
  return { target, rules, after: nextRuleset(stored, wanted, { now, newId }) }
}

function faultsOf(
  { target, rules, after }: Outcome,
  all: readonly Ruleset[],
): readonly SeedError[] {
  const file = target.file ?? target.origin ?? 'rules'
  if (after === null) {
    const user = executing(all, target.id)
    if (user === null) return []
    const text = `The ruleset "${target.name}" is in no file any more, but it is executed by ${user}.`
    return [fileError(file, text)]
  }
  return rules.flatMap((rule, index) =>
    referenceIssues(rule, after, all).map(({ path, message }) => ({
      file: target.wanted[index]?.file ?? file,
      line: null,
      key: `${rule.ref}.${path.join('.')}`,
      message,
    })),
  )
}

function changeOf(
  documents: Documents,
  { target, rules, after }: Outcome,
  origins: Origins,
): SeedChange {
  const { stored, wanted, fromFiles, leftAlone, kind } = target
  const created = rules.filter((_, index) => wanted[index]?.stored === undefined)
  const updated = rules.filter((rule, index) => isOther(rule, wanted[index]?.stored))
  const kept = new Set(rules.map(({ id }) => id))
  const gone = fromFiles.filter(({ id }) => !kept.has(id))
  const nameOf = ({ ref }: Rule) => ruleName(target, ref)
  const moved = wanted.flatMap(({ id, file }) =>
    origins.fileOf('rule', id) === file ? [] : [remembering('rule', id, file)],
  )
  const change = {
    ...NO_CHANGE,
    created: created.map(nameOf),
    updated: updated.map(nameOf),
    deleted: gone.map(nameOf),
    left_alone: leftAlone.map((ref) => ruleName(target, ref)),
    unchanged: rules.length - created.length - updated.length,
  }
  if (after === null) {
    if (stored === undefined) return change
    const { puts, deletes } = deletingRuleset(documents, stored)
    return { ...change, puts, deletes, deleted: [...change.deleted, ...rulesetNames(target)] }
  }
  const { puts, deletes } = savingRuleset(documents, stored, after)
  const file = kind === 'custom' ? target.file : 'rules'
  const isMade = stored === undefined && file !== undefined
  const isMoved = kind === 'custom' && stored !== undefined && isElsewhere(target)
  const memory =
    file !== undefined && (isMade || isMoved) ? [remembering('ruleset', after.id, file)] : []
  // Its file is gone, and rules of the API are left in it: from now on it is the API's.
  const isLeft = kind === 'custom' && target.origin !== undefined && target.file === undefined
  const forgotten = isLeft ? forgetting(documents, 'ruleset', after.id) : []
  return {
    ...change,
    puts: [...puts, ...moved, ...memory],
    deletes: [...deletes, ...forgotten],
    created: [...(isMade ? rulesetNames(target) : []), ...change.created],
  }
}

function isOther(rule: Rule, stored: Rule | undefined): boolean {
  return stored !== undefined && stored !== rule
}

function isElsewhere({ origin, file }: Target): boolean {
  return origin !== undefined && file !== undefined && origin !== file
}

/** Entry points come and go with their rules and are not told of. */
function rulesetNames({ kind, name }: Target): readonly string[] {
  return kind === 'custom' ? [`ruleset/${name}`] : []
}

function ruleName({ kind, name }: Target, ref: string): string {
  return kind === 'custom' ? `rule/${name}/${ref}` : `rule/${ref}`
}
