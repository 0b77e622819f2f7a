/** The order of operations within one session: rules over steps, and what came just before. */
export { advance } from './automaton.ts'
export { type CompiledSequence, compileSequence, type PossibleMove } from './compile.ts'
export type { SequenceContent, SequenceStep } from './content.ts'
export type { Violation } from './explain.ts'
export {
  type History,
  msecSinceOperation,
  previousOperations,
  withOperation,
  withoutOperation,
} from './history.ts'
export { sequenceIssues } from './issues.ts'
export { HISTORY_LIMITS, SEQUENCE_LIMITS } from './limits.ts'
export { parseOperationName } from './operation-name.ts'
export type { Move, SequenceInput, SequencePattern } from './pattern.ts'
export { expiresAtMs, type SequenceState } from './state.ts'
export { type TwoStepRule, twoStepViolation } from './two-steps.ts'
