/** Rules, lists and sequences as people write them: in files, and in management calls. */
export type { ActionParameters } from './action-parameters.ts'
export type { Issue } from './checks.ts'
export { ruleFileLimits } from './limits.ts'
export { type ListItemContent, listItemKey } from './list-item.ts'
export { type FileList, type ListContent, readList, readListItems } from './list.ts'
export {
  isRulePhase,
  type ListKinds,
  RULE_PHASES,
  type RuleContext,
  type RulePhase,
  type RulesetKind,
} from './rule-context.ts'
export type { RateLimit } from './rate-limit.ts'
export { type FileRule, readRuleFile, type RuleFile } from './rule-file.ts'
export { readRule, type RuleContent } from './rule.ts'
export { readSequence } from './sequence.ts'
export { operationsOfSequence } from './sequence-operations.ts'
