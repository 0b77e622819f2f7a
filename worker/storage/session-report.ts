import type { HeldMeter } from '#engines/session-rules'
import type { SessionMemory } from '#engines/session-memory'

/** What is kept under one key, for the operator. */
export type SessionReport = {
  readonly memory: SessionMemory | null
  readonly meters: readonly (Pick<HeldMeter['meter'], 'marks' | 'blockedUntilMs'> &
    Pick<HeldMeter, 'terms'> & { readonly meter: string })[]
}
