/** The rules language: expressions over the fields of a request. This door lists all that others may use. */
export type { Environment } from './environment.ts'
export { renderError } from './error.ts'
export {
  type CompiledExpression,
  compileCondition,
  compileExpression,
  type CompiledValueExpression,
  compileValueExpression,
} from './expression.ts'
export { fieldIndex, FIELDS } from './fields/fields.ts'
export { EXPRESSION_LIMITS } from './limits.ts'
export { compileList, type ListKind, type ListMatcher } from './lists.ts'
export { isPhaseName, type PhaseName } from './phases.ts'
export { type FieldUse, usesResponse } from './uses.ts'
export { type FieldSource, toValue, type Value } from './value.ts'
export { decodeBytes } from './values/bytes.ts'
export { formatIp, type Ip, parseIp } from './values/ip.ts'
export { compileRegex } from './values/regex.ts'
