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
import type { Meter } from '#engines/rates'
import {
  type SessionSettlement,
  type SessionVisit,
  settleLedger,
  type VisitAnswer,
  visitLedger,
} from '#engines/session-rules'
import type { Settings } from '../../settings.ts'
import type { SessionReport } from '../session-report.ts'
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

  visit(visit: Omit<SessionVisit, 'home'>): VisitAnswer {
    return visitLedger(this.#kept, visit, Date.now())
  }

  settle(settlement: Omit<SessionSettlement, 'home'>): void {
    settleLedger(this.#kept, settlement, Date.now())
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
