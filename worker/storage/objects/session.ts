/**
 * Counters and memories of sessions: exact, because a counter and a session are always in the same object, and an object does
 * one thing at a time. They live in memory; disk is for what must not be forgotten:
 *
 * - A limit that was hit is written before the answer. Of a window that is open a crash forgets less than half of what was
 *   left when it was last written, so less than half of the limit (engines/rates/meter.ts).
 * - What a rule forbids something for is written before the answer; the rest of a session's memory within a few seconds. Who
 *   comes in them and has to have done something before may have to do it again after a crash.
 * - What a client can bring about forgets nothing: an object that nobody asks is put away by the platform, and a flood of new
 *   keys pushes out what was used longest ago; everything is written before either.
 */
import { DurableObject } from 'cloudflare:workers'
import { charge, expiresAtMs, giveBack, type Meter, saved, take, type Terms } from '#engines/rates'
import { confirm, memoryExpiresAtMs, remember, type SessionMemory } from '#engines/session-memory'
import type { Settings } from '../../settings.ts'
import { parseOwn } from '../own.ts'
import type {
  MeterAnswer,
  MeterClaim,
  SessionReport,
  SessionSettlement,
  SessionVisit,
  VisitAnswer,
} from '../session-visit.ts'
import { RecentMap } from './recent-map.ts'
import { SessionRows } from './session-rows.ts'

/** Of one object; there are as many objects as session-store.ts says. */
const METERS_MAX = 4_096
const SESSIONS_MAX = 512

/**
 * How long a change may wait for others before it is written. A timer: setting an alarm would be a write itself. Twice as long
 * is the quiet after which all is written; the platform puts an object away after ten seconds of it at the earliest.
 */
const FLUSH_AFTER_MS = 3_000

const SWEEP_EVERY_MS = 10 * 60 * 1000

const METERS_REPORTED_MAX = 100

type HeldMeter = { readonly meter: Meter; readonly terms: Terms }

type HeldSession = { readonly memory: SessionMemory; readonly isSaved: boolean }

export class Session extends DurableObject<Settings> {
  readonly #rows: SessionRows
  // Who leaves is written and not held again: else he would push out the next one, and so on.
  readonly #meters = new RecentMap<HeldMeter>(METERS_MAX, (key, held) => {
    if (!hasUnwritten(held) || isOver(held, Date.now())) return
    this.#storeMeter(key, held)
    // All others with it, so that a flood waits for the disk once in as many keys as there is room for.
    this.#write(hasUnwritten)
  })
  readonly #sessions = new RecentMap<HeldSession>(SESSIONS_MAX, (key, held) => {
    if (!held.isSaved) this.#storeSession(key, held.memory)
  })
  #timer: ReturnType<typeof setTimeout> | null = null
  /** Since the timer last went off. */
  #wasAsked = false
  #isSweepPlanned = false

  constructor(state: DurableObjectState, env: Settings) {
    super(state, env)
    this.#rows = new SessionRows(state.storage.sql)
  }

  visit({ claims, event }: Omit<SessionVisit, 'home'>): VisitAnswer {
    this.#wasAsked = true
    const nowMs = Date.now()
    const meters: (MeterAnswer | null)[] = []
    let isStopped = false
    for (const claim of claims) {
      const answer: MeterAnswer | null = isStopped ? null : this.#take(claim, nowMs)
      isStopped ||= claim.isFinal && answer?.isRefused === true
      meters.push(answer)
    }
    if (event === null || isStopped) return { nowMs, meters, view: null }
    const { memory, view, isRefused } = remember(this.#session(event.session), event, nowMs)
    if (!isRefused) this.#keepSession(event.session, memory, event.isLasting)
    return { nowMs, meters, view }
  }

  settle({ charges, returns, answered }: Omit<SessionSettlement, 'home'>): void {
    const nowMs = Date.now()
    for (const { meter: key, terms, cost } of charges) {
      const { meter, isToBeSaved } = charge(this.#meter(key)?.meter, terms, { cost, nowMs })
      this.#keepMeter(key, { meter, terms }, isToBeSaved)
    }
    for (const { meter: key, cost, atMs } of returns) {
      const held = this.#meter(key)
      if (held !== undefined) {
        this.#keepMeter(key, { ...held, meter: giveBack(held.meter, cost, atMs) }, false)
      }
    }
    if (answered === null) return
    const memory = this.#session(answered.session)
    if (memory === undefined) return
    const { patterns, number } = answered
    this.#keepSession(answered.session, confirm(memory, patterns, { nowMs, number }), false)
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
    for (const meter of this.#heldMetersOf(key)) this.#meters.delete(meter)
    this.#sessions.delete(key)
    this.#rows.deleteAll(`meter ${key}`)
    this.#rows.deleteAll(`session ${key}`)
  }

  override async alarm(): Promise<void> {
    if (this.#rows.sweep(Date.now())) await this.#setAlarm()
    else this.#isSweepPlanned = false
  }

  #take(claim: MeterClaim, nowMs: number): MeterAnswer {
    const { meter: key, terms, cost, isChecked } = claim
    const taken = take(this.#meter(key)?.meter, terms, { cost, isChecked, nowMs })
    this.#keepMeter(key, { meter: taken.meter, terms }, taken.isToBeSaved)
    const { isRefused, remaining, retryAtMs } = taken
    return { isRefused, remaining, retryAtMs }
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
    if (hasUnwritten(held)) this.#flushSoon()
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
    this.#storeMeter(key, held)
    this.#meters.set(key, { ...held, meter: saved(held.meter) })
  }

  #writeSession(key: string, memory: SessionMemory): void {
    this.#storeSession(key, memory)
    this.#sessions.set(key, { memory, isSaved: true })
  }

  #storeMeter(key: string, { meter, terms }: HeldMeter): void {
    this.#rows.write(`meter ${key}`, { meter: saved(meter), terms }, expiresAtMs(meter, terms))
    this.#planSweep()
  }

  #storeSession(key: string, memory: SessionMemory): void {
    this.#rows.write(`session ${key}`, memory, memoryExpiresAtMs(memory))
    this.#planSweep()
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS)
  }

  /** Writes what has waited for company; of an object that nobody asks any more, everything. */
  #flush(): void {
    this.#timer = null
    const isQuiet = !this.#wasAsked
    this.#wasAsked = false
    this.#write(isQuiet ? hasUnwritten : isWorthWriting)
    if (!isQuiet && this.#meters.some(hasUnwritten)) this.#flushSoon()
  }

  #write(isDue: (held: HeldMeter) => boolean): void {
    const nowMs = Date.now()
    for (const [key, held] of this.#meters.entries()) {
      if (isDue(held) && !isOver(held, nowMs)) this.#writeMeter(key, held)
    }
    for (const [key, { memory, isSaved }] of this.#sessions.entries()) {
      if (!isSaved) this.#writeSession(key, memory)
    }
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

  /** At most a hundred: one key may have a counter for each path. */
  #metersOf(key: string): readonly string[] {
    const stored = this.#rows.keys(`meter ${key}`).map((row) => row.slice('meter '.length))
    return [...new Set([...this.#heldMetersOf(key), ...stored])].slice(0, METERS_REPORTED_MAX)
  }

  #heldMetersOf(key: string): readonly string[] {
    const held = Array.from(this.#meters.entries(), ([meter]) => meter)
    return held.filter((meter) => meter.startsWith(key))
  }
}

function hasUnwritten({ meter }: HeldMeter): boolean {
  return meter.unsaved > 0
}

function isOver({ meter, terms }: HeldMeter, nowMs: number): boolean {
  return expiresAtMs(meter, terms) <= nowMs
}

/** While requests come in, less than an eighth of a limit is not worth a row. */
function isWorthWriting({ meter, terms }: HeldMeter): boolean {
  return meter.unsaved > 0 && meter.unsaved * 8 >= terms.limit
}

function pick({ marks, blockedUntilMs }: Meter): Pick<Meter, 'marks' | 'blockedUntilMs'> {
  return { marks, blockedUntilMs }
}
