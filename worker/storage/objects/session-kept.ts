/**
 * What a Session object holds of counters and sessions: in memory what is used, on disk what must not be forgotten. Whoever
 * keeps something says whether it has to be on disk before the answer; the rest is written
 *
 * - by a timer, a few seconds later: sessions, and counters that an eighth of a limit is unwritten of;
 * - all of it once nobody asks any more: the platform puts such an object away;
 * - when it makes room for others.
 */
import { expiresAtMs, isFull, saved } from '#engines/rates'
import { memoryExpiresAtMs } from '#engines/session-memory'
import { RecentMap } from '#engines/recent-map'
import type { HeldMeter, HeldSession, SessionLedger } from '#engines/session-rules'
import { logFailure } from '../../log.ts'
import { parseOwn } from '../own.ts'
import type { SessionRows } from './session-rows.ts'

/** Of one object; there are as many objects as session-store.ts says, and they may share the 128 MB of an isolate. */
const METERS_MAX = 2_048
const SESSIONS_MAX = 256

/**
 * How long a change may wait for others before it is written. A timer: setting an alarm would be a write itself. Twice as long
 * is the quiet after which all is written; the platform puts an object away after ten seconds of it at the earliest.
 */
const FLUSH_AFTER_MS = 3_000

const METERS_LISTED_MAX = 100

type Unwritten<T> = T & { readonly isSaved: boolean }

export class SessionKept implements SessionLedger {
  readonly #rows: SessionRows
  /** Called when something was written. */
  readonly #written: () => void
  // Who leaves is written and not held again: else he would push out the next one, and so on.
  readonly #meters = new RecentMap<HeldMeter>(METERS_MAX, (key, held) => {
    if (!hasUnwritten(held) || isOver(held, Date.now())) return
    this.#storeMeter(key, held)
    // All others with it, so that a flood waits for the disk once in as many keys as there is room for.
    this.#write(hasUnwritten)
  })
  readonly #sessions = new RecentMap<Unwritten<HeldSession>>(SESSIONS_MAX, (key, held) => {
    if (!held.isSaved) this.#safely(() => this.#storeSession(key, held))
  })
  #timer: ReturnType<typeof setTimeout> | null = null
  /** Since the timer last went off. */
  #wasAsked = false

  constructor(rows: SessionRows, written: () => void) {
    this.#rows = rows
    this.#written = written
  }

  meter(key: string): HeldMeter | undefined {
    this.#wasAsked = true
    const held = this.#meters.get(key)
    const row = held === undefined ? this.#rows.read(`meter ${key}`) : undefined
    return row === undefined ? held : parseOwn<HeldMeter>(row)
  }

  session(key: string): HeldSession | undefined {
    this.#wasAsked = true
    const held = this.#sessions.get(key)
    const row = held === undefined ? this.#rows.read(`session ${key}`) : undefined
    return row === undefined ? held : parseOwn<HeldSession>(row)
  }

  keepMeter(key: string, held: HeldMeter, isToBeSaved: boolean): void {
    if (isToBeSaved) {
      this.#writeMeter(key, held)
      return
    }
    this.#meters.set(key, held)
    if (hasUnwritten(held)) this.#flushSoon()
  }

  keepSession(key: string, held: HeldSession, isToBeSaved: boolean): void {
    if (isToBeSaved) {
      this.#writeSession(key, held)
      return
    }
    this.#sessions.set(key, { ...held, isSaved: false })
    this.#flushSoon()
  }

  /** The keys of counters that begin so, at most a hundred: a client may have one for each path. */
  metersOf(start: string): readonly string[] {
    const stored = this.#rows.keys(`meter ${start}`).map((row) => row.slice('meter '.length))
    return [...new Set([...this.#heldMetersOf(start), ...stored])].slice(0, METERS_LISTED_MAX)
  }

  /** All counters and sessions whose keys begin so. */
  forget(start: string): void {
    for (const meter of this.#heldMetersOf(start)) this.#meters.delete(meter)
    this.#sessions.delete(start)
    this.#rows.deleteAll(`meter ${start}`)
    this.#rows.deleteAll(`session ${start}`)
  }

  #heldMetersOf(start: string): readonly string[] {
    const held = Array.from(this.#meters.entries(), ([meter]) => meter)
    return held.filter((meter) => meter.startsWith(start))
  }

  #flushSoon(): void {
    if (this.#timer === null) this.#timer = setTimeout(() => this.#flush(), FLUSH_AFTER_MS)
  }

  #flush(): void {
    this.#timer = null
    const isQuiet = !this.#wasAsked
    this.#wasAsked = false
    this.#safely(() => this.#write(isQuiet ? hasUnwritten : isWorthWriting))
    if (!isQuiet && this.#meters.some(hasUnwritten)) this.#flushSoon()
  }

  #write(isDue: (held: HeldMeter) => boolean): void {
    const nowMs = Date.now()
    for (const [key, held] of this.#meters.entries()) {
      if (isDue(held) && !isOver(held, nowMs)) this.#writeMeter(key, held)
    }
    for (const [key, held] of this.#sessions.entries()) {
      if (!held.isSaved) this.#safely(() => this.#writeSession(key, held))
    }
  }

  #writeMeter(key: string, held: HeldMeter): void {
    this.#storeMeter(key, held)
    this.#meters.set(key, { ...held, meter: saved(held.meter) })
  }

  #writeSession(key: string, held: HeldSession): void {
    this.#storeSession(key, held)
    this.#sessions.set(key, { ...held, isSaved: true })
  }

  #storeMeter(key: string, { meter, terms }: HeldMeter): void {
    this.#rows.write(`meter ${key}`, {
      body: { meter: saved(meter), terms },
      expiresAtMs: expiresAtMs(meter, terms),
      isLasting: isFull(meter, terms),
    })
    this.#written()
  }

  #storeSession(key: string, { memory, isLasting }: HeldSession): void {
    const body = { memory, isLasting }
    this.#rows.write(`session ${key}`, { body, expiresAtMs: memoryExpiresAtMs(memory), isLasting })
    this.#written()
  }

  /** One session that is too large for a row must not stop others from being written. */
  #safely(write: () => void): void {
    try {
      write()
    } catch (cause) {
      logFailure('session_not_written', cause)
    }
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
