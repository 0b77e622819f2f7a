/** Rules as people write them: in files, and in management calls. */
export { ruleFileLimits } from './limits.ts'
export { readRule, type RuleContent, type RuleIssue } from './rule.ts'
export { readRuleFile, type FileRule } from './rule-file.ts'
