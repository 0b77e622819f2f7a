/**
 * A visit and a settlement over whatever holds counters and memories: the objects of a running shield, or a replay. What is
 * refused is not counted, and the first claim that refuses the request for good ends the visit.
 */
import { charge, giveBack, type Meter, take, type Terms } from '#engines/rates'
import { confirm, NO_MEMORY, remember, type SessionMemory, withdraw } from '#engines/session-memory'
import type {
  MeterAnswer,
  MeterClaim,
  SessionSettlement,
  SessionVisit,
  VisitAnswer,
  WithdrawnVisit,
} from './visit.ts'

/** A counter with the terms under which it was last used. */
export type HeldMeter = { readonly meter: Meter; readonly terms: Terms }

export type HeldSession = {
  readonly memory: SessionMemory
  /** A rule forbids something because of it. */
  readonly isLasting: boolean
  /** The memory before its newest request, as long as that is held. */
  readonly before?: SessionMemory
}

/** `isToBeSaved`: a restart must not forget it. */
export type SessionLedger = {
  meter(key: string): HeldMeter | undefined
  keepMeter(key: string, held: HeldMeter, isToBeSaved: boolean): void
  session(key: string): HeldSession | undefined
  keepSession(key: string, held: HeldSession, isToBeSaved: boolean): void
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
  if (event === null || isStopped) return { nowMs, meters, view: null, isRemembered: false }
  const held = ledger.session(event.session)
  const { memory, view, isRefused } = remember(held?.memory, event, nowMs)
  if (!isRefused) {
    const isLasting = event.isLasting || held?.isLasting === true
    const kept = { memory, isLasting, before: held?.memory ?? NO_MEMORY }
    ledger.keepSession(event.session, kept, event.isLasting)
  }
  return { nowMs, meters, view, isRemembered: !isRefused }
}

export function settleLedger(
  ledger: SessionLedger,
  { charges, returns, answered, withdrawn }: Omit<SessionSettlement, 'home'>,
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
  if (answered !== null) confirmIn(ledger, answered, nowMs)
  if (withdrawn !== null) withdrawFrom(ledger, withdrawn)
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

function confirmIn(
  ledger: SessionLedger,
  { session, patterns, number, isLasting }: NonNullable<SessionSettlement['answered']>,
  nowMs: number,
): void {
  const held = ledger.session(session)
  if (held === undefined) return
  const confirmed = (memory: SessionMemory) => confirm(memory, patterns, { nowMs, number })
  const { before, ...rest } = held
  // Of an earlier request: it stays, whatever becomes of the newest. What the API has answered is not withdrawn.
  const isNewest = held.memory.history?.number === number
  const kept = {
    ...rest,
    memory: confirmed(held.memory),
    ...(before === undefined || isNewest ? {} : { before: confirmed(before) }),
  }
  ledger.keepSession(session, kept, isLasting)
}

function withdrawFrom(ledger: SessionLedger, { session, ...withdrawal }: WithdrawnVisit): void {
  const held = ledger.session(session)
  if (held === undefined) return
  const { memory, isLasting, before } = held
  const kept = { memory: withdraw(memory, before, withdrawal), isLasting }
  ledger.keepSession(session, kept, false)
}
