/**
 * Who is known to be blocked, and until when, so that a flood from one client is not a flood of questions to one object. Until
 * then nothing can change but by the hand of an operator, so every few seconds somebody asks again.
 */
import { createWeighedMemory } from '../weighed-memory.ts'

export type BlockMemory = {
  /** Null when nothing is known. */
  blockedUntilMs(meter: string, nowMs: number): number | null
  set(meter: string, untilMs: number, nowMs: number): void
}

const BLOCKS_MAX = 10_000

/** After a block was lifted by hand it is remembered for so long at most. */
const BELIEVED_MS = 5_000

export function createBlockMemory(): BlockMemory {
  const blocks = createWeighedMemory<{ readonly untilMs: number; readonly believedMs: number }>(
    BLOCKS_MAX,
  )
  return {
    blockedUntilMs(meter, nowMs) {
      const block = blocks.get(meter)
      // A clock that went back believes nothing from the future.
      const isBelieved =
        block !== undefined && nowMs < block.believedMs && block.believedMs <= nowMs + BELIEVED_MS
      return isBelieved ? block.untilMs : null
    },
    set(meter, untilMs, nowMs) {
      blocks.set(meter, { untilMs, believedMs: Math.min(untilMs, nowMs + BELIEVED_MS) })
    },
  }
}
