/** The rules whose expressions name a list. While there is one, the list cannot go. */
import { compileExpression, compileValueExpression } from '#engines/expressions'
import type { Documents, Selection } from '../../../storage/ports.ts'
import type { Rule } from '../../../storage/resources.ts'
import { describe } from '../../rulesets/references.ts'

export const LIST_USER_SELECTION = {
  ruleset: 'all',
  token_rules: 'all',
} as const satisfies Selection

type ListUsers = Pick<Documents, keyof typeof LIST_USER_SELECTION>

/** How many rules name each list; lists that no rule names are not in it. */
export function countUsers({ ruleset, token_rules }: ListUsers): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const named = [
    ...ruleset.flatMap(({ rules }) => rules).map(namesIn),
    ...token_rules.flatMap(({ rules }) => rules).map(({ expression }) => listsOf(expression)),
  ]
  for (const names of named) {
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** A rule that names the list, in words; `null` when there is none. */
export function listUser(users: ListUsers, name: string): string | null {
  for (const ruleset of users.ruleset) {
    const user = ruleset.rules.find((rule) => namesIn(rule).has(name))
    if (user !== undefined) return describe(user, ruleset)
  }
  for (const rule of users.token_rules.flatMap(({ rules }) => rules)) {
    if (listsOf(rule.expression).includes(name)) {
      return `the token validation rule "${rule.title}" (${rule.id})`
    }
  }
  return null
}

function namesIn({ expression, ratelimit }: Rule): ReadonlySet<string> {
  if (ratelimit === undefined) return new Set(listsOf(expression))
  const { characteristics, counting_expression = '', score_expression = '' } = ratelimit
  const values = [score_expression, ...characteristics].flatMap(listsOfValue)
  return new Set([...listsOf(expression), ...listsOf(counting_expression), ...values])
}

/** Without a dollar sign there is no list, and nothing to compile. */
function listsOf(expression: string): readonly string[] {
  if (!expression.includes('$')) return []
  const compiled = compileExpression(expression)
  return compiled.ok ? compiled.value.lists : []
}

/** A function may turn a verdict into a value: `to_string(ip.src in $office)`. */
function listsOfValue(source: string): readonly string[] {
  if (!source.includes('$')) return []
  const compiled = compileValueExpression(source, { types: VALUE_TYPES })
  return compiled.ok ? compiled.value.lists : []
}

const VALUE_TYPES = ['Bool', 'Bytes', 'Int', 'Ip', 'Array<Bytes>'] as const
