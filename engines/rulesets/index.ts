/** Rules in their order: from the configuration to a plan, and the walk of a request through it. */
export type {
  GraphqlMitigation,
  RulesetInput,
  SchemaMitigation,
  SequenceRuleInput,
} from './input.ts'
export { compileLists, type Lists } from './lists.ts'
export { compilePlan } from './plan.ts'
export { compileRateRules, type RateRule } from './rate-rules.ts'
export type { BlockResponse, Plan, Rule } from './rule.ts'
export { RATE_EXCEEDED, SEQUENCE_BROKEN } from './session-verdicts.ts'
export { applyTokenRules, selectorStates } from './token-selector.ts'
export { type Preparation, type Skips, walk } from './walk.ts'
