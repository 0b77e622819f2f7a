/**
 * Counters and memories of sessions: exact, because a counter and a session are always in the same object, and an object does
 * one thing at a time. They live in memory; disk is for what a restart must not forget:
 *
 * - A limit that was hit is written before the answer. Of a window that is open a restart forgets less than half of what was
 *   left when it was last written, so less than half of the limit (engines/rates/meter.ts).
 * - What a rule forbids something for is written before the answer; the rest of a session's memory within a few seconds. Who
 *   comes in them and has to have done something before may have to do it again after a crash.
 *
 * Bounded: a flood of new keys pushes out what was used longest ago. A counter that is pushed out is as after a restart; a
 * session is written first.
 */
import { DurableObject } from 'cloudflare:workers'
import { expiresAtMs, type Meter, saved } from '#engines/rates'
import { memoryExpiresAtMs, type SessionMemory } from '#engines/session-memory'
import {
  type HeldMeter,
  type SessionLedger,
  type SessionSettlement,
  type SessionVisit,
  settleLedger,
  type VisitAnswer,
  visitLedger,
} from '#engines/session-rules'
import type { Settings } from '../../settings.ts'
import { parseOwn } from '../own.ts'
import type { SessionReport } from '../session-report.ts'
import { RecentMap } from './recent-map.ts'
import { SessionRows } from './session-rows.ts'

/** Of one object; there are as many objects as session-store.ts says. */
const METERS_MAX = 4_096
const SESSIONS_MAX = 512

/** How long a change may wait for others before it is written. A timer: setting an alarm would be a write itself. */
const FLUSH_AFTER_MS = 3_000

const SWEEP_EVERY_MS = 10 * 60 * 1000

type HeldSession = { readonly memory: SessionMemory; readonly isSaved: boolean }

export class Session extends DurableObject<Settings> {
  readonly #rows: SessionRows
  readonly #meters = new RecentMap<HeldMeter>(METERS_MAX, (key, held) => {
    if (isWorthWriting(held)) this.#writeMeter(key, held)
  })
  readonly #sessions = new RecentMap<HeldSession>(SESSIONS_MAX, (key, held) => {
    if (!held.isSaved) this.#writeSession(key, held.memory)
  })
  readonly #ledger: SessionLedger = {
    meter: (key) => this.#meter(key),
    keepMeter: (key, held, isToBeSaved) => this.#keepMeter(key, held, isToBeSaved),
    memory: (key) => this.#session(key),
    keepMemory: (key, memory, isToBeSaved) => this.#keepSession(key, memory, isToBeSaved),
  }
  #timer: ReturnType<typeof setTimeout> | null = null
  #isSweepPlanned = false

  constructor(state: DurableObjectState, env: Settings) {
    super(state, env)
    this.#rows = new SessionRows(state.storage.sql)
  }

  visit(asked: Omit<SessionVisit, 'home'>): VisitAnswer {
    return visitLedger(this.#ledger, asked, Date.now())
  }

  settle(settlement: Omit<SessionSettlement, 'home'>): void {
    settleLedger(this.#ledger, settlement, Date.now())
  }

  /** What is kept under a key: of a session, or of a client by its address. */
  report(key: string): SessionReport {
    const memory = this.#session(key) ?? null
    const meters = this.#metersOf(key).flatMap((meter) => {
      const held = this.#meter(meter)
      return held === undefined ? [] : [{ meter, terms: held.terms, ...pick(held.meter) }]
    })
    return { memory, meters }
  }

  /** Forgets it: whoever was blocked may go on. */
  forget(key: string): void {
    for (const meter of this.#metersOf(key)) {
      this.#meters.delete(meter)
      this.#rows.delete(`meter ${meter}`)
    }
    this.#sessions.delete(key)
    this.#rows.delete(`session ${key}`)
  }

  /** Writes what has waited for company. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.ctx.storage.transactionSync(() => {
      for (const [key, held] of this.#meters.entries()) {
        if (isWorthWriting(held)) this.#writeMeter(key, held)
      }
      for (const [key, { memory, isSaved }] of this.#sessions.entries()) {
        if (!isSaved) this.#writeSession(key, memory)
      }
    })
  }

  override async alarm(): Promise<void> {
    this.#isSweepPlanned = false
    if (this.#rows.sweep(Date.now())) this.#planSweep()
  }

  #meter(key: string): HeldMeter | undefined {
    const held = this.#meters.get(key)
    const row = held === undefined ? this.#rows.read(`meter ${key}`) : undefined
    return row === undefined ? held : parseOwn<HeldMeter>(row)
  }

  #session(key: string): SessionMemory | undefined {
    const held = this.#sessions.get(key)?.memory
    const row = held === undefined ? this.#rows.read(`session ${key}`) : undefined
    return row === undefined ? held : parseOwn<SessionMemory>(row)
  }

  #keepMeter(key: string, held: HeldMeter, isToBeSaved: boolean): void {
    if (isToBeSaved) {
      this.#writeMeter(key, held)
      return
    }
    this.#meters.set(key, held)
    if (isWorthWriting(held)) this.#flushSoon()
  }

  #keepSession(key: string, memory: SessionMemory, isToBeSaved: boolean): void {
    if (isToBeSaved) {
      this.#writeSession(key, memory)
      return
    }
    this.#sessions.set(key, { memory, isSaved: false })
    this.#flushSoon()
  }

  #writeMeter(key: string, held: HeldMeter): void {
    const written = { ...held, meter: saved(held.meter) }
    this.#rows.write(`meter ${key}`, written, expiresAtMs(held.meter, held.terms))
    this.#meters.set(key, written)
    this.#planSweep()
  }

  #writeSession(key: string, memory: SessionMemory): void {
    this.#rows.write(`session ${key}`, memory, memoryExpiresAtMs(memory))
    this.#sessions.set(key, { memory, isSaved: true })
    this.#planSweep()
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS)
  }

  #planSweep(): void {
    if (this.#isSweepPlanned) return
    this.#isSweepPlanned = true
    void this.ctx.storage.setAlarm(Date.now() + SWEEP_EVERY_MS)
  }

  #metersOf(key: string): readonly string[] {
    const held = Array.from(this.#meters.entries(), ([meter]) => meter)
    const stored = this.#rows.keys(`meter ${key}`).map((row) => row.slice('meter '.length))
    return [...new Set([...held.filter((meter) => meter.startsWith(key)), ...stored])]
  }
}

/** A timer writes only what would be missed: less than an eighth of a limit is not worth a row. */
function isWorthWriting({ meter, terms }: HeldMeter): boolean {
  return meter.unsaved > 0 && meter.unsaved * 8 >= terms.limit
}

function pick({ marks, blockedUntilMs }: Meter): Pick<Meter, 'marks' | 'blockedUntilMs'> {
  return { marks, blockedUntilMs }
}
