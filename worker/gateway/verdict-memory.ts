/** A bounded memory of what was found about certificates: when it is full, what was written first makes room. */
import { GATEWAY_LIMITS } from './limits.ts'

export type VerdictMemory<Verdict> = {
  get(key: string): Verdict | undefined
  set(key: string, verdict: Verdict): void
}

export function createVerdictMemory<Verdict>(
  entriesMax = GATEWAY_LIMITS.rememberedCertificatesMax,
): VerdictMemory<Verdict> {
  // A Map hands out its keys in the order in which they were set.
  const verdicts = new Map<string, Verdict>()
  return {
    get: (key) => verdicts.get(key),
    set(key, verdict) {
      if (verdicts.size >= entriesMax && !verdicts.has(key)) {
        const [oldest] = verdicts.keys()
        if (oldest !== undefined) verdicts.delete(oldest)
      }
      verdicts.set(key, verdict)
    },
  }
}
