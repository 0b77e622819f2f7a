/** The rules whose expressions name a list. While there is one, the list cannot go. */
import { compileExpression } from '#engines/expressions'
import type { Rule, Ruleset } from '../../../storage/resources.ts'
import { describe } from '../../rulesets/references.ts'

/** How many rules name each list; lists that no rule names are not in it. */
export function countUsers(rulesets: readonly Ruleset[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const rule of rulesets.flatMap(({ rules }) => rules)) {
    for (const name of namesIn(rule)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** A rule that names the list, in words; `null` when there is none. */
export function listUser(rulesets: readonly Ruleset[], name: string): string | null {
  for (const ruleset of rulesets) {
    const user = ruleset.rules.find((rule) => namesIn(rule).has(name))
    if (user !== undefined) return describe(user, ruleset)
  }
  return null
}

function namesIn({ expression, ratelimit }: Rule): ReadonlySet<string> {
  return new Set([...listsOf(expression), ...listsOf(ratelimit?.counting_expression ?? '')])
}

/** Without a dollar sign there is no list, and nothing to compile. */
function listsOf(expression: string): readonly string[] {
  if (!expression.includes('$')) return []
  const compiled = compileExpression(expression)
  return compiled.ok ? compiled.value.lists : []
}
