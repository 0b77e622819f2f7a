/** What is asked of the memory of sessions about one request, and what it answers. */
import type { Terms } from '#engines/rates'
import type { SequenceInput } from '#engines/sequences'
import type { SessionEvent, SessionView, Withdrawal } from '#engines/session-memory'

export type SessionVisit = {
  /** The key that says which part of the memory is asked. */
  readonly home: string
  /** In the order of their rules: one that refuses the request ends the list. */
  readonly claims: readonly MeterClaim[]
  readonly event: SessionOfVisit | null
}

export type MeterClaim = {
  /** Which counter: the rule, and the hash of what it counts by. */
  readonly meter: string
  readonly terms: Terms
  /** 0 where only the answer tells what the request costs. */
  readonly cost: number
  readonly isChecked: boolean
  /** Beyond the limit the request is refused, and not only noted. */
  readonly isFinal: boolean
}

export type SessionOfVisit = SessionEvent & {
  /** Hash of the session's identifier. */
  readonly session: string
  /** A rule forbids something because of it: it must not be forgotten, not even when the process dies now. */
  readonly isLasting: boolean
}

export type VisitAnswer = {
  /** The clock of who remembers. */
  readonly nowMs: number
  /** For each claim; null when the request was refused before it. */
  readonly meters: readonly (MeterAnswer | null)[]
  /** What the session did before; null when nothing was asked about it, or the request was refused by a limit. */
  readonly view: SessionView | null
  /** The session did this; not so when a sequence refused it. */
  readonly isRemembered: boolean
}

export type MeterAnswer = {
  readonly isRefused: boolean
  readonly remaining: number
  /** Refused: nothing passes before this. Else 0. */
  readonly retryAtMs: number
}

/** What is known only after the request: what it cost, what did not take place after all, and that the API answered. */
export type SessionSettlement = {
  readonly home: string
  readonly charges: readonly Pick<MeterClaim, 'meter' | 'terms' | 'cost'>[]
  /** `atMs` is `nowMs` of the visit. */
  readonly returns: readonly {
    readonly meter: string
    readonly cost: number
    readonly atMs: number
  }[]
  readonly answered: {
    readonly session: string
    readonly number: number
    readonly patterns: readonly SequenceInput[]
    /** As in the visit. */
    readonly isLasting: boolean
  } | null
  readonly withdrawn: WithdrawnVisit | null
}

/** A request that was remembered in a visit and refused afterwards. */
export type WithdrawnVisit = Withdrawal & {
  /** Keyed hash of the session's identifier. */
  readonly session: string
}
