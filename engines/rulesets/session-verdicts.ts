/**
 * What a Session object found, as rules ask it: whether a limit is exceeded, whether a sequence is broken. The answers are
 * entries of fields that have no name in the language, by the id of the rule, so that they are filled like any other field.
 */
import { type CompiledExpression, fieldIndex } from '#engines/expressions'

export const RATE_EXCEEDED = 'rate_exceeded()'
export const SEQUENCE_BROKEN = 'sequence_broken()'

const INDEXES = {
  [RATE_EXCEEDED]: fieldIndex(RATE_EXCEEDED),
  [SEQUENCE_BROKEN]: fieldIndex(SEQUENCE_BROKEN),
}

type Verdict = keyof typeof INDEXES

/** Holds where the object said so about the rule. `asked`: what the rule is about in the first place, if that is an expression. */
export function foundOf(
  verdict: Verdict,
  ruleId: string,
  asked: Pick<CompiledExpression, 'source' | 'conditions' | 'print'>,
): CompiledExpression {
  const index = INDEXES[verdict]
  return {
    source: asked.source,
    print: () => asked.print(),
    uses: [{ field: verdict, key: ruleId }],
    lists: [],
    warnings: [],
    conditions: asked.conditions,
    evaluate: (source) => source.entry(index, ruleId) === true,
  }
}
