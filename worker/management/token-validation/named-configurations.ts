/** Which token configurations an expression names, and who names one. While somebody does, it cannot go. */
import type { FieldUse } from '#engines/expressions'
import type { Documents, Selection } from '../../storage/ports.ts'
import type { Rule } from '../../storage/resources.ts'
import { describe } from '../rulesets/references.ts'

/** The ids in `is_jwt_valid("…")`, `is_jwt_present("…")` and `http.request.jwt.claims…["…"]`. */
export function configurationsIn(uses: readonly FieldUse[]): ReadonlySet<string> {
  return new Set(
    uses.flatMap(({ field, key }) => (key !== undefined && OF_TOKENS.test(field) ? [key] : [])),
  )
}

const OF_TOKENS = /^(?:is_jwt_(?:valid|present)\(\)$|http\.request\.jwt\.claims)/

export const USER_SELECTION = {
  token_rules: 'all',
  ruleset: 'all',
  configuration: 'all',
} as const satisfies Selection

/** What names the configuration, in words; `null` when nothing does. */
export function configurationUser(documents: Documents, id: string): string | null {
  for (const rule of documents.token_rules.flatMap(({ rules }) => rules)) {
    if (rule.expression.includes(id)) {
      return `the token validation rule "${rule.title}" (${rule.id})`
    }
  }
  for (const ruleset of documents.ruleset) {
    const user = ruleset.rules.find((rule) => textsOf(rule).some((text) => text.includes(id)))
    if (user !== undefined) return describe(user, ruleset)
  }
  const identifier = documents.configuration
    .flatMap(({ auth_id_characteristics }) => auth_id_characteristics)
    .find(({ type, name }) => type === 'jwt' && name.toLowerCase().startsWith(id))
  return identifier === undefined ? null : `the session identifier "${identifier.name}"`
}

/** An id has one spelling in practice: whoever hides it behind escapes is only not warned. */
function textsOf({ expression, ratelimit }: Rule): readonly string[] {
  if (ratelimit === undefined) return [expression]
  const { characteristics, counting_expression = '', score_expression = '' } = ratelimit
  return [expression, counting_expression, score_expression, ...characteristics]
}
