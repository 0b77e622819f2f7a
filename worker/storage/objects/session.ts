/**
 * Counters and memories of sessions: exact, because a counter and a session are always in the same object, and an object does
 * one thing at a time. They live in memory; disk is for what must not be forgotten:
 *
 * - A limit that was hit is written before the answer. Of a window that is open a crash forgets less than half of what was
 *   left when it was last written, so less than half of the limit (engines/rates/meter.ts).
 * - What a rule forbids something for is written before the answer; the rest of a session's memory within a few seconds. Who
 *   comes in them and has to have done something before may have to do it again after a crash.
 * - What a client can bring about forgets nothing: an object that nobody asks is put away by the platform, and a flood of new
 *   keys pushes out what was used longest ago; everything is written before either (session-kept.ts).
 */
import { DurableObject } from 'cloudflare:workers'
import { charge, giveBack, type Meter, take } from '#engines/rates'
import { confirm, NO_MEMORY, remember, type SessionMemory, withdraw } from '#engines/session-memory'
import type { Settings } from '../../settings.ts'
import type {
  MeterAnswer,
  MeterClaim,
  SessionReport,
  SessionSettlement,
  SessionVisit,
  VisitAnswer,
  WithdrawnVisit,
} from '../session-visit.ts'
import { SessionKept } from './session-kept.ts'
import { SessionRows } from './session-rows.ts'

const SWEEP_EVERY_MS = 10 * 60 * 1000

export class Session extends DurableObject<Settings> {
  readonly #rows: SessionRows
  readonly #kept: SessionKept
  #isSweepPlanned = false

  constructor(state: DurableObjectState, env: Settings) {
    super(state, env)
    this.#rows = new SessionRows(state.storage.sql)
    this.#kept = new SessionKept(this.#rows, () => this.#planSweep())
  }

  visit({ claims, event }: Omit<SessionVisit, 'home'>): VisitAnswer {
    const nowMs = Date.now()
    const meters: (MeterAnswer | null)[] = []
    let isStopped = false
    for (const claim of claims) {
      const answer: MeterAnswer | null = isStopped ? null : this.#take(claim, nowMs)
      isStopped ||= claim.isFinal && answer?.isRefused === true
      meters.push(answer)
    }
    if (event === null || isStopped) return { nowMs, meters, view: null, isRemembered: false }
    const held = this.#kept.session(event.session)
    const { memory, view, isRefused } = remember(held?.memory, event, nowMs)
    if (!isRefused) {
      const isLasting = event.isLasting || held?.isLasting === true
      const kept = { memory, isLasting, before: held?.memory ?? NO_MEMORY }
      this.#kept.keepSession(event.session, kept, event.isLasting)
    }
    return { nowMs, meters, view, isRemembered: !isRefused }
  }

  settle({ charges, returns, answered, withdrawn }: Omit<SessionSettlement, 'home'>): void {
    const nowMs = Date.now()
    for (const { meter: key, terms, cost } of charges) {
      const { meter, isToBeSaved } = charge(this.#kept.meter(key)?.meter, terms, { cost, nowMs })
      this.#kept.keepMeter(key, { meter, terms }, isToBeSaved)
    }
    for (const { meter: key, cost, atMs } of returns) {
      const held = this.#kept.meter(key)
      if (held !== undefined) {
        this.#kept.keepMeter(key, { ...held, meter: giveBack(held.meter, cost, atMs) }, false)
      }
    }
    if (answered !== null) this.#confirm(answered, nowMs)
    if (withdrawn !== null) this.#withdraw(withdrawn)
  }

  /** What is kept under a key: of a session, or of a client by its address. */
  report(key: string): SessionReport {
    const memory = this.#kept.session(key)?.memory ?? null
    const meters = this.#kept.metersOf(key).flatMap((meter) => {
      const held = this.#kept.meter(meter)
      return held === undefined ? [] : [{ meter, terms: held.terms, ...pick(held.meter) }]
    })
    return { memory, meters }
  }

  /** Forgets it: whoever was blocked may go on. */
  forget(key: string): void {
    this.#kept.forget(key)
  }

  override async alarm(): Promise<void> {
    if (this.#rows.sweep(Date.now())) await this.#setAlarm()
    else this.#isSweepPlanned = false
  }

  #take(claim: MeterClaim, nowMs: number): MeterAnswer {
    const { meter: key, terms, cost, isChecked } = claim
    const taken = take(this.#kept.meter(key)?.meter, terms, { cost, isChecked, nowMs })
    this.#kept.keepMeter(key, { meter: taken.meter, terms }, taken.isToBeSaved)
    const { isRefused, remaining, retryAtMs } = taken
    return { isRefused, remaining, retryAtMs }
  }

  #confirm(answered: NonNullable<SessionSettlement['answered']>, nowMs: number): void {
    const { session, patterns, number, isLasting } = answered
    const held = this.#kept.session(session)
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
    this.#kept.keepSession(session, kept, isLasting)
  }

  #withdraw({ session, ...withdrawal }: WithdrawnVisit): void {
    const held = this.#kept.session(session)
    if (held === undefined) return
    const { memory, isLasting, before } = held
    this.#kept.keepSession(
      session,
      { memory: withdraw(memory, before, withdrawal), isLasting },
      false,
    )
  }

  #planSweep(): void {
    if (this.#isSweepPlanned) return
    this.#isSweepPlanned = true
    void this.#setAlarm()
  }

  /** One that an earlier life of the object has set stays: put off with each restart, it would never come. */
  async #setAlarm(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) !== null) return
    await this.ctx.storage.setAlarm(Date.now() + SWEEP_EVERY_MS)
  }
}

function pick({ marks, blockedUntilMs }: Meter): Pick<Meter, 'marks' | 'blockedUntilMs'> {
  return { marks, blockedUntilMs }
}
