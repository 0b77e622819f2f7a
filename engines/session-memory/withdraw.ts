/**
 * A request that was remembered, because what the session did had to be known, and refused after all by a rule that was asked
 * later: it did not happen. What it asked for stays counted: that it was refused makes an enumeration none the better.
 */
import { type SequenceState, withoutOperation } from '#engines/sequences'
import type { SessionMemory } from './memory.ts'

export type Withdrawal = {
  /** Of the request in its session. */
  readonly number: number
  readonly operation: string
  /** Ids of the rules that want something done before: those that it may have helped. */
  readonly required: readonly string[]
}

/** `before`: the memory as it was before its newest request; undefined when that is not known any more. */
export function withdraw(
  memory: SessionMemory,
  before: SessionMemory | undefined,
  { number, operation, required }: Withdrawal,
): SessionMemory {
  const { history, sequences, ...counts } = memory
  if (history?.number === number && before !== undefined) {
    const { history: earlier } = before
    return {
      ...counts,
      ...(earlier === undefined ? {} : { history: earlier }),
      sequences: before.sequences,
    }
  }
  // Others of the session came meanwhile. What may have been built on it goes, too: those steps have to be taken again.
  const entries = Object.entries(sequences).map(([id, sequence]) => [
    id,
    required.includes(id) ? { ...sequence, state: upTo(sequence.state, number) } : sequence,
  ])
  return {
    ...counts,
    ...(history === undefined ? {} : { history: withoutOperation(history, operation) }),
    sequences: Object.fromEntries(entries),
  }
}

function upTo({ steps, ...rest }: SequenceState, number: number): SequenceState {
  return {
    ...rest,
    steps: steps.map((step) => ({
      ...step,
      entries: step.entries.filter((entry) => entry.number < number),
    })),
  }
}
