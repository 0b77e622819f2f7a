/** Key ids that a provider was found not to have. Bounded in number and time: the ids are strangers', and keys may come. */

/** How long it is believed that a key is not there. */
const BELIEVED_MS = 2_000

const KIDS_MAX = 1_000

export type MissingKeys = {
  has(kid: string, nowMs: number): boolean
  add(kid: string, nowMs: number): void
}

export function createMissingKeys(): MissingKeys {
  const foundMissingAtMs = new Map<string, number>()
  return {
    has(kid, nowMs) {
      const atMs = foundMissingAtMs.get(kid)
      return atMs !== undefined && nowMs - atMs < BELIEVED_MS
    },
    add(kid, nowMs) {
      foundMissingAtMs.delete(kid)
      if (foundMissingAtMs.size >= KIDS_MAX) {
        const [oldest] = foundMissingAtMs.keys()
        if (oldest !== undefined) foundMissingAtMs.delete(oldest)
      }
      foundMissingAtMs.set(kid, nowMs)
    },
  }
}
