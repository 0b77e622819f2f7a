/** A rule as the data plane runs it: whatever it was in the configuration, here it is an expression and an action. */
import type { CompiledExpression } from '#engines/expressions'
import type { EventSource } from '../storage/events.ts'
import type { BlockResponse } from '../storage/resources.ts'
import type { Detector } from './detectors/detector.ts'
import { detectorsFor } from './detectors/index.ts'

export type CompiledRule = {
  readonly id: string
  readonly description: string
  readonly rulesetId: string | null
  readonly source: EventSource
  readonly action: 'log' | 'block'
  /** What the client gets instead of the standard rejection. */
  readonly response: BlockResponse | null
  readonly expression: CompiledExpression
  /** The operations it can apply to; `null` is every request. */
  readonly operationIds: ReadonlySet<string> | null
  /** Those that fill a field the expression reads. */
  readonly detectors: readonly Detector[]
}

export function createRule(rule: Omit<CompiledRule, 'detectors'>): CompiledRule {
  return { ...rule, detectors: detectorsFor(rule.expression.uses) }
}
