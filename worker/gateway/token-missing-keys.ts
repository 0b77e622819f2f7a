/** Key ids that a provider was found not to have. Bounded in number and time: the ids are strangers', and keys may come. */
import { createWeighedMemory } from './weighed-memory.ts'

/** How long it is believed that a key is not there. */
const BELIEVED_MS = 2_000

const KIDS_MAX = 1_000

export type MissingKeys = {
  has(kid: string, nowMs: number): boolean
  add(kid: string, nowMs: number): void
}

export function createMissingKeys(): MissingKeys {
  const foundMissingAtMs = createWeighedMemory<number>(KIDS_MAX)
  return {
    has(kid, nowMs) {
      const atMs = foundMissingAtMs.get(kid)
      return atMs !== undefined && nowMs - atMs < BELIEVED_MS
    },
    add(kid, nowMs) {
      foundMissingAtMs.set(kid, nowMs)
    },
  }
}
