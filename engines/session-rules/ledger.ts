/**
 * A visit and a settlement over whatever holds counters and memories: the objects of a running shield, or a replay. What is
 * refused is not counted, and the first claim that refuses the request for good ends the visit.
 */
import { charge, giveBack, type Meter, take, type Terms } from '#engines/rates'
import { confirm, remember, type SessionMemory } from '#engines/session-memory'
import type {
  MeterAnswer,
  MeterClaim,
  SessionSettlement,
  SessionVisit,
  VisitAnswer,
} from './visit.ts'

/** A counter with the terms under which it was last used. */
export type HeldMeter = { readonly meter: Meter; readonly terms: Terms }

/** `isToBeSaved`: a restart must not forget it. */
export type SessionLedger = {
  meter(key: string): HeldMeter | undefined
  keepMeter(key: string, held: HeldMeter, isToBeSaved: boolean): void
  memory(session: string): SessionMemory | undefined
  keepMemory(session: string, memory: SessionMemory, isToBeSaved: boolean): void
}

export function visitLedger(
  ledger: SessionLedger,
  { claims, event }: Omit<SessionVisit, 'home'>,
  nowMs: number,
): VisitAnswer {
  const meters: (MeterAnswer | null)[] = []
  let isStopped = false
  for (const claim of claims) {
    const answer: MeterAnswer | null = isStopped ? null : takeFrom(ledger, claim, nowMs)
    isStopped ||= claim.isFinal && answer?.isRefused === true
    meters.push(answer)
  }
  if (event === null || isStopped) return { nowMs, meters, view: null }
  const { memory, view, isRefused } = remember(ledger.memory(event.session), event, nowMs)
  if (!isRefused) ledger.keepMemory(event.session, memory, event.isLasting)
  return { nowMs, meters, view }
}

export function settleLedger(
  ledger: SessionLedger,
  { charges, returns, answered }: Omit<SessionSettlement, 'home'>,
  nowMs: number,
): void {
  for (const { meter: key, terms, cost } of charges) {
    const { meter, isToBeSaved } = charge(ledger.meter(key)?.meter, terms, { cost, nowMs })
    ledger.keepMeter(key, { meter, terms }, isToBeSaved)
  }
  for (const { meter: key, cost, atMs } of returns) {
    const held = ledger.meter(key)
    if (held !== undefined) {
      ledger.keepMeter(key, { ...held, meter: giveBack(held.meter, cost, atMs) }, false)
    }
  }
  if (answered === null) return
  const { session, patterns, number } = answered
  const memory = ledger.memory(session)
  if (memory === undefined) return
  ledger.keepMemory(session, confirm(memory, patterns, { nowMs, number }), false)
}

function takeFrom(
  ledger: SessionLedger,
  { meter: key, terms, cost, isChecked }: MeterClaim,
  nowMs: number,
): MeterAnswer {
  const taken = take(ledger.meter(key)?.meter, terms, { cost, isChecked, nowMs })
  ledger.keepMeter(key, { meter: taken.meter, terms }, taken.isToBeSaved)
  const { isRefused, remaining, retryAtMs } = taken
  return { isRefused, remaining, retryAtMs }
}
