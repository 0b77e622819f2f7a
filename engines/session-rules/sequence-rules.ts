/** Rules about the order of operations, by the operation that is asked for. */
import { type CompiledValueExpression, compileValueExpression } from '#engines/expressions'
import type { SequenceRuleInput } from '#engines/rulesets'
import {
  type CompiledSequence,
  compileSequence,
  type PossibleMove,
  type SequenceContent,
  type SequencePattern,
  type TwoStepRule,
} from '#engines/sequences'

export type SequenceRules<Needs> = {
  /** As the plan asks them, in their order. */
  readonly inputs: readonly SequenceRuleInput[]
  /** What an operation means to them; null when nothing. */
  readonly concerning: (operationId: string) => ConcernedRules<Needs> | null
}

export type ConcernedRules<Needs> = {
  readonly twoSteps: readonly (TwoStepRule & { readonly id: string; readonly isFinal: boolean })[]
  readonly patterns: readonly ConcernedPattern[]
  /** A rule forbids something because of the operation. */
  readonly isLasting: boolean
  /** What has to happen before the values that steps bind are evaluated. */
  readonly needs: readonly Needs[]
}

export type ConcernedPattern = {
  readonly content: SequenceContent
  readonly pattern: SequencePattern
  readonly moves: readonly Move[]
  readonly breaks: readonly number[]
}

type Move = {
  readonly step: number
  readonly bindings: readonly { readonly name: string; readonly value: CompiledValueExpression }[]
}

type Written<Needs> = {
  /** Rules of two operations, in the order in which they are asked. */
  readonly twoSteps: readonly TwoStepContent[]
  readonly patterns: readonly { readonly id: string; readonly content: SequenceContent }[]
  readonly needs: (expression: Pick<CompiledValueExpression, 'uses'>) => Needs
}

type TwoStepContent = Pick<TwoStepRule, 'kind'> & {
  readonly id: string
  readonly title: string
  readonly action: 'log' | 'block'
  /** Ids of the operations: where the sequence starts, and where it ends and is acted upon. */
  readonly sequence: readonly [string, string]
}

export function compileSequenceRules<Needs>({
  twoSteps,
  patterns: written,
  needs,
}: Written<Needs>): SequenceRules<Needs> {
  const patterns = written
    .filter(({ content }) => content.enabled)
    .map(({ id, content }) => ({ content, compiled: compileSequence(id, content) }))
  const known = new Map<string, ConcernedRules<Needs> | null>()
  return {
    inputs: [
      ...twoSteps.map(({ id, title, action, sequence: [, end] }) => ({
        id,
        description: title,
        action,
        operationIds: new Set([end]),
      })),
      ...patterns.map(({ content: { ref, description, action }, compiled }) => ({
        id: compiled.pattern.id,
        description: description === '' ? ref : description,
        action,
        operationIds: compiled.finalOperations === 'all' ? null : compiled.finalOperations,
      })),
    ],
    concerning(operationId) {
      // As many as there are operations.
      const before = known.get(operationId)
      if (before !== undefined) return before
      const made = concernedBy(operationId)
      known.set(operationId, made)
      return made
    },
  }

  function concernedBy(operationId: string): ConcernedRules<Needs> | null {
    const own = patterns.flatMap(({ content, compiled }) =>
      concernedPattern(operationId, { content, compiled }),
    )
    // Their windows are counted in operations, so every one moves them on.
    const isCounted =
      twoSteps.length > 0 || patterns.some(({ compiled }) => isOrderCounted(compiled.pattern))
    if (own.length === 0 && !isCounted) return null
    return {
      twoSteps: twoSteps
        .filter(({ sequence: [, end] }) => end === operationId)
        .map(({ id, kind, action, sequence: [start, end] }) => ({
          id,
          kind,
          start,
          end,
          isFinal: action === 'block',
        })),
      patterns: own,
      isLasting:
        twoSteps.some(({ kind, sequence: [start] }) => kind === 'block' && start === operationId) ||
        own.some(({ pattern, moves }) => moves.length > 0 && isForbidding(pattern)) ||
        own.some(({ pattern, breaks }) => breaks.length > 0 && pattern.kind === 'require'),
      needs: own.flatMap(({ moves }) =>
        moves.flatMap(({ bindings }) => bindings.map(({ value }) => needs(value))),
      ),
    }
  }
}

type Compiled = { readonly content: SequenceContent; readonly compiled: CompiledSequence }

function concernedPattern(
  operationId: string,
  { content, compiled }: Compiled,
): readonly ConcernedPattern[] {
  const moves = compiled.moves(operationId).map(compileMove)
  const breaks = compiled.breaks(operationId)
  return moves.length + breaks.length === 0
    ? []
    : [{ content, pattern: compiled.pattern, moves, breaks }]
}

function compileMove({ step, bindings }: PossibleMove): Move {
  return {
    step,
    bindings: bindings.map(({ name, source }) => ({ name, value: compileBinding(source) })),
  }
}

/** @throws when it does not compile; it was checked when it was written. */
function compileBinding(source: string): CompiledValueExpression {
  const compiled = compileValueExpression(source, { types: ['Bytes', 'Int'] })
  if (compiled.ok) return compiled.value
  throw new Error(`binding does not compile: ${source}: ${compiled.error.message}`)
}

/** `immediately` is broken by any operation. */
function isOrderCounted({ steps }: SequencePattern): boolean {
  return steps.some(({ immediately }) => immediately)
}

/** What a session did can be held against it: a step that is forbidden, or one that may be taken so often. */
function isForbidding({ kind, steps }: SequencePattern): boolean {
  return kind === 'forbid' || steps.at(-1)?.atMost !== null
}
