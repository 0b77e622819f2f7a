/**
 * Counters and memories of a replay, in the place of the shield's objects and by the same arithmetic, at the recording's own
 * times. One place knows all keys, so that a request is asked in one go: its limits in the order of their rules, and when none
 * refuses it, its session. Bounded: what was used longest ago makes room.
 */
import { RecentMap } from '#engines/recent-map'
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
  let forgotten = 0
  const leave = (): void => void (forgotten += 1)
  const meters = new RecentMap<HeldMeter>(metersMax, leave)
  const sessions = new RecentMap<HeldSession>(sessionsMax, leave)
  /** The earliest first: as many as were being answered at one time. */
  const pending: Pending[] = []
  const ledger: SessionLedger = {
    meter: (key) => meters.get(key),
    keepMeter: (key, held) => meters.set(key, held),
    session: (key) => sessions.get(key),
    keepSession: (key, held) => sessions.set(key, held),
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
}
