/** The one way by which the token validation rules come to another state: all of them are one document, in their order. */
import { err, ok, type Result } from '#engines/result'
import { SINGLETON } from '../../../storage/collections.ts'
import type { Documents } from '../../../storage/ports.ts'
import type { TokenRule } from '../../../storage/resources/tokens.ts'
import { type Problem, problem, type Problems } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { placed, type Position } from '../../rulesets/position.ts'
import { transact } from '../../transaction.ts'
import { coversNothing } from './selector.ts'

export type RulesState = {
  readonly documents: Documents
  readonly rules: readonly TokenRule[]
  /** RFC 3339. */
  readonly now: string
}

export type RulesStep = {
  readonly rules: readonly TokenRule[]
  readonly result: unknown
  /** Those that were made or changed. */
  readonly touched: readonly TokenRule[]
}

export type RulesChange = {
  /** For the audit log. */
  readonly action: string
  /** Operations that the body names. */
  readonly operationIds: readonly string[]
}

export async function changeRules(
  { ports, actor }: Call,
  { action, operationIds }: RulesChange,
  step: (state: RulesState) => Result<RulesStep, Problems>,
): Promise<Outcome> {
  const selection = {
    token_rules: 'all',
    token_configuration: 'all',
    list_head: 'all',
    operation: [...new Set(operationIds)],
  } as const
  const done = await transact(ports, { selection, actor, action }, async (documents) => {
    const now = new Date(ports.nowMs()).toISOString()
    const next = step({ documents, rules: rulesOf(documents), now })
    if (!next.ok) return next
    const { rules } = next.value
    const quota = quotaProblems(rules)
    if (quota.length > 0) return err(quota)
    return ok({
      puts: [{ collection: 'token_rules', id: SINGLETON, body: { rules } }],
      deletes: [],
      result: next.value,
    })
  })
  if (!done.ok) return done
  const { result, touched } = done.value.result
  const empty = touched.filter(({ selector }) => coversNothing(selector))
  const notices = empty.map(() => ({ notice: 'selector_covers_nothing' }) as const)
  return ok({ result, notices: [...notices, ...done.value.notices] })
}

export function rulesOf({ token_rules }: Documents): readonly TokenRule[] {
  return token_rules.flatMap(({ rules }) => rules)
}

/** The rule among the others: at its position, else where one with its id stood, else last. */
export function settled(
  rule: TokenRule,
  rules: readonly TokenRule[],
  position: Position | undefined,
): Result<readonly TokenRule[], Problems> {
  const others = rules.filter(({ id }) => id !== rule.id)
  if (position !== undefined) return placed(rule, others, position)
  return ok(
    others.length === rules.length
      ? [...rules, rule]
      : rules.map((each) => (each.id === rule.id ? rule : each)),
  )
}

/** The same problems as seen from further out in the body. */
export function below(pointer: string, problems: Problems): Problems {
  return problems.map((each): Problem => {
    return { ...each, pointer: pointer + (each.pointer ?? '') }
  })
}

function quotaProblems(rules: readonly TokenRule[]): Problems {
  const { tokenRulesMax, tokenRuleCharactersTotalMax } = LIMITS
  if (rules.length > tokenRulesMax) {
    const text = `There may be at most ${tokenRulesMax} token validation rules.`
    return problem('limit_reached', text).error
  }
  if (JSON.stringify(rules).length > tokenRuleCharactersTotalMax) {
    const text = `All token validation rules together may have at most ${tokenRuleCharactersTotalMax} characters.`
    return problem('limit_reached', text).error
  }
  return []
}
