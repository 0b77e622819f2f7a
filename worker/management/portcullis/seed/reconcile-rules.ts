/**
 * Brings the rules that came from files to what the files say. Rules made through the API keep their place in front; the
 * files' rules follow in the order of the files. A ref that an API rule has is left to that rule.
 */
import type { Delete, Documents, Put } from '../../../storage/ports.ts'
import type { Rule, Ruleset } from '../../../storage/resources.ts'
import { LIMITS } from '../../limits.ts'
import { forgetting } from '../../provenance.ts'
import { nextRules, nextRuleset, type RulesetPorts } from '../../rulesets/next-ruleset.ts'
import { entrypoint } from '../../rulesets/phases.ts'
import { fileError, NO_CHANGE, remembering, type SeedChange } from './change.ts'
import type { DesiredRule } from './desired.ts'
import { originsOf } from './origins.ts'

export function reconcileRules(
  documents: Documents,
  desired: readonly DesiredRule[],
  ports: RulesetPorts,
): SeedChange {
  const origins = originsOf(documents)
  const stored = entrypoint(documents)
  const storedRules = stored?.rules ?? []
  const fromFiles = storedRules.filter(({ id }) => origins.fileOf('rule', id) !== undefined)
  const fromApi = storedRules.filter(({ id }) => origins.fileOf('rule', id) === undefined)
  const taken = new Set(fromApi.map(({ ref }) => ref))
  const wanted = desired.filter(({ rule }) => !taken.has(rule.ref))
  if (fromApi.length + wanted.length > LIMITS.rulesMax) {
    const message = `With these rules the ruleset would have more than ${LIMITS.rulesMax}.`
    return { ...NO_CHANGE, errors: [fileError(wanted.at(-1)?.file ?? 'rules', message)] }
  }
  const rules = nextRules(
    fromFiles,
    wanted.map(({ rule }) => ({ content: rule })),
    ports,
  )
  const before = new Map(fromFiles.map((rule) => [rule.id, rule]))
  const gone = fromFiles.filter(({ id }) => rules.every((rule) => rule.id !== id))
  const moved = rules.flatMap((rule, index) => {
    const file = wanted[index]?.file
    return file === undefined || file === origins.fileOf('rule', rule.id)
      ? []
      : [remembering('rule', rule.id, file)]
  })
  const created = rules.filter(({ id }) => !before.has(id))
  const updated = rules.filter((rule) => before.has(rule.id) && before.get(rule.id) !== rule)
  const change = rulesetChange({ documents, stored, rules: [...fromApi, ...rules], ports })
  return {
    puts: [...change.puts, ...moved],
    deletes: [...change.deletes, ...gone.flatMap(({ id }) => forgetting(documents, 'rule', id))],
    created: created.map(nameOf),
    updated: updated.map(nameOf),
    deleted: gone.map(nameOf),
    left_alone: desired.filter(({ rule }) => taken.has(rule.ref)).map(({ rule }) => nameOf(rule)),
    unchanged: rules.length - created.length - updated.length,
    errors: [],
  }
}

type RulesetChange = { readonly puts: readonly Put[]; readonly deletes: readonly Delete[] }

/** A ruleset that only the files made is created with their first rule and goes with their last one. */
function rulesetChange({
  documents,
  stored,
  rules,
  ports,
}: {
  readonly documents: Documents
  readonly stored: Ruleset | undefined
  readonly rules: readonly Rule[]
  readonly ports: RulesetPorts
}): RulesetChange {
  if (stored === undefined && rules.length === 0) return { puts: [], deletes: [] }
  const forgotten = stored === undefined ? [] : forgetting(documents, 'ruleset', stored.id)
  if (stored !== undefined && forgotten.length > 0 && rules.length === 0) {
    return { puts: [], deletes: [{ collection: 'ruleset', id: stored.id }, ...forgotten] }
  }
  const ruleset = nextRuleset(stored, { rules }, ports)
  if (ruleset === stored) return { puts: [], deletes: [] }
  const put: Put = { collection: 'ruleset', id: ruleset.id, body: ruleset }
  const made = stored === undefined ? [remembering('ruleset', ruleset.id, 'rules')] : []
  return { puts: [put, ...made], deletes: [] }
}

function nameOf({ ref }: { readonly ref: string }): string {
  return `rule/${ref}`
}
