/**
 * Counters and memories of a replay, in the place of the shield's objects and by the same arithmetic, at the recording's own
 * times. One place knows all keys, so that a request is asked in one go: its limits in the order of their rules, and when none
 * refuses it, its session. Bounded: what was used longest ago makes room.
 */
import {
  answeredLimit,
  type AskedLimit,
  type HeldMeter,
  type HeldSession,
  type LimitClaim,
  type SessionLedger,
  type SessionOfVisit,
  type SessionSettlement,
  settleLedger,
  unaskedLimit,
  type Visited,
  visitLedger,
} from '#engines/session-rules'
import { cliLimits } from '../limits.ts'

export type ReplayMemory = {
  visit(claims: readonly LimitClaim[], event: SessionOfVisit | null, nowMs: number): Visited
  /** To be settled once the replay has come to that time. */
  settleAt(atMs: number, settlements: readonly SessionSettlement[]): void
  /** Settles what was to be settled by now. */
  goOnTo(nowMs: number): void
  /** Counters and sessions that had to make room. */
  forgotten(): number
}

type Pending = { readonly atMs: number; readonly settlement: SessionSettlement }

export function createReplayMemory({
  metersMax,
  sessionsMax,
}: Pick<typeof cliLimits, 'metersMax' | 'sessionsMax'> = cliLimits): ReplayMemory {
  const meters = new Map<string, HeldMeter>()
  const sessions = new Map<string, HeldSession>()
  /** The earliest first: as many as were being answered at one time. */
  const pending: Pending[] = []
  let forgotten = 0
  const ledger: SessionLedger = {
    meter: (key) => meters.get(key),
    keepMeter: (key, held) => keep(meters, { key, value: held, max: metersMax }),
    session: (key) => sessions.get(key),
    keepSession: (key, held) => keep(sessions, { key, value: held, max: sessionsMax }),
  }
  return {
    visit(claims, event, nowMs) {
      const limits: AskedLimit[] = []
      for (const claim of claims) {
        const limit = unaskedLimit(claim) ?? ask(claim, nowMs)
        limits.push(limit)
        if (limit.isRefused && claim.isFinal) return { limits, view: null, isRemembered: false }
      }
      const { view, isRemembered } = visitLedger(ledger, { claims: [], event }, nowMs)
      return { limits, view, isRemembered }
    },
    settleAt(atMs, settlements) {
      const place = pending.findLastIndex((each) => each.atMs <= atMs) + 1
      pending.splice(place, 0, ...settlements.map((settlement) => ({ atMs, settlement })))
    },
    goOnTo(nowMs) {
      while (pending[0] !== undefined && pending[0].atMs <= nowMs) {
        const { atMs, settlement } = pending[0]
        pending.shift()
        settleLedger(ledger, settlement, atMs)
      }
    },
    forgotten: () => forgotten,
  }

  function ask(claim: LimitClaim, nowMs: number): AskedLimit {
    const claims = claim.place === 'missing' ? [] : [claim.place.claim]
    const [meter = null] = visitLedger(ledger, { claims, event: null }, nowMs).meters
    const limit = answeredLimit(claim, meter, nowMs)
    if (limit === null) throw new Error(`rule ${claim.rule.id} has no counter for the request`)
    return limit
  }

  function keep<T>(held: Map<string, T>, { key, value, max }: Kept<T>): void {
    // A Map hands out its keys in the order in which they were set.
    held.delete(key)
    held.set(key, value)
    if (held.size <= max) return
    for (const oldest of held.keys()) {
      held.delete(oldest)
      forgotten += 1
      return
    }
  }
}

type Kept<T> = { readonly key: string; readonly value: T; readonly max: number }
