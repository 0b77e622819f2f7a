/**
 * Token validation rules: what has to hold for the operations that a rule applies to, and what happens when it does not.
 * A missing value makes an expression false, so a token that could not be judged never lets anybody through.
 */
import type { CompiledExpression } from '#engines/expressions'
import { compiled } from './compiled.ts'
import type { PlanInput, TokenRuleInput } from './input.ts'
import type { Rule, RuleAction, RuleList } from './rule.ts'

export function tokenLists<Needs>(input: PlanInput<Needs>): readonly RuleList<Needs>[] {
  const rules = input.tokens.map((rule) => compileRule(rule, input))
  // An index by host and path would find none: what a rule demands is what it does not act on.
  return [{ rulesetId: null, candidates: () => rules }]
}

function compileRule<Needs>(
  { id, title, expression, action, operationIds }: TokenRuleInput,
  { lists, needs }: PlanInput<Needs>,
): Rule<Needs> {
  const failing = negated(compiled(expression, lists))
  return {
    id,
    description: title,
    rulesetId: null,
    source: 'apiShieldTokenValidation',
    expression: failing,
    operationIds,
    needs: needs(failing),
    action: ACTIONS[action],
  }
}

const ACTIONS = {
  log: { kind: 'log' },
  block: { kind: 'block', response: null },
} as const satisfies { readonly [action: string]: RuleAction<never> }

/** Not by writing `not (…)` around it: that could make it longer and deeper than an expression may be. */
function negated(expression: CompiledExpression): CompiledExpression {
  return {
    ...expression,
    source: `not (${expression.source})`,
    print: () => `not (${expression.print()})`,
    // What has to be so for the expression says nothing about when it fails.
    conditions: {},
    evaluate: (source) => !expression.evaluate(source),
  }
}
