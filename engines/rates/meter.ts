/**
 * A rate limit: at most so much in any span of `periodMs`, and, where it has a timeout, nothing for so long after somebody
 * asked for more. What is refused does not count. Whoever asks holds the meter and knows the time; nothing here does.
 */
import {
  fallsToAtMs,
  type Marks,
  NO_MARKS,
  totalOf,
  withCount,
  withinWindow,
  withoutCount,
} from './marks.ts'

export type Terms = {
  /** Requests, or what they cost together; at least 1. */
  readonly limit: number
  readonly periodMs: number
  /** How long nothing is let through after the limit was hit; 0: until the window has room again. */
  readonly timeoutMs: number
}

/** Plain data, so that it can be stored. */
export type Meter = {
  readonly marks: Marks
  /** Nothing passes before this, if the terms are still those under which it was said. */
  readonly blockedUntilMs: number
  readonly blockedUnder: string
  /** Of what the marks count, so much is in no storage yet. */
  readonly unsaved: number
}

export type Claim = {
  /** What is counted when it passes; 0 when that is known only later. */
  readonly cost: number
  /** False: it is counted, and never refused. */
  readonly isChecked: boolean
}

export type Taken = {
  readonly meter: Meter
  readonly isRefused: boolean
  /** Left after this request. */
  readonly remaining: number
  /** Refused: nothing of that cost passes before this. Else 0. */
  readonly retryAtMs: number
  /** Whether a restart must not forget what has just happened. */
  readonly isToBeSaved: boolean
}

const EMPTY: Meter = { marks: NO_MARKS, blockedUntilMs: 0, blockedUnder: '', unsaved: 0 }

export function take(
  before: Meter | undefined,
  terms: Terms,
  { cost, isChecked, nowMs }: Claim & { readonly nowMs: number },
): Taken {
  const meter = current(before, terms, nowMs)
  const total = totalOf(meter.marks)
  if (isChecked && meter.blockedUntilMs > nowMs) return refused(meter, meter.blockedUntilMs, false)
  if (isChecked && total + Math.max(cost, 1) > terms.limit) {
    return stopped(meter, terms, { cost, nowMs })
  }
  return counted(meter, terms, { cost, nowMs })
}

/** Counts what a request turned out to cost, whether or not there is room for it. */
export function charge(
  before: Meter | undefined,
  terms: Terms,
  { cost, nowMs }: { readonly cost: number; readonly nowMs: number },
): Taken {
  return counted(current(before, terms, nowMs), terms, { cost, nowMs })
}

/** For a request that was counted at `atMs` and then did not take place. */
export function giveBack(meter: Meter, cost: number, atMs: number): Meter {
  return { ...meter, marks: withoutCount(meter.marks, cost, atMs) }
}

/** The meter as it is in storage from now on. */
export function saved(meter: Meter): Meter {
  return { ...meter, unsaved: 0 }
}

/** From when on the meter says no more than a new one. */
export function expiresAtMs({ marks, blockedUntilMs }: Meter, { periodMs }: Terms): number {
  return Math.max(blockedUntilMs, (marks.at(-1)?.atMs ?? 0) + periodMs)
}

/** Somebody would be let in again if it were forgotten. */
export function isFull({ marks, blockedUntilMs }: Meter, { limit }: Terms): boolean {
  return blockedUntilMs > 0 || totalOf(marks) >= limit
}

function current(before: Meter | undefined, terms: Terms, nowMs: number): Meter {
  if (before === undefined) return EMPTY
  const marks = withinWindow(before.marks, terms.periodMs, nowMs)
  const isBlocked = before.blockedUntilMs > nowMs && before.blockedUnder === nameOf(terms)
  return {
    marks,
    // The clock may have gone back since it was said: never longer than the timeout.
    blockedUntilMs: isBlocked ? Math.min(before.blockedUntilMs, nowMs + terms.timeoutMs) : 0,
    blockedUnder: isBlocked ? before.blockedUnder : '',
    unsaved: Math.min(before.unsaved, totalOf(marks)),
  }
}

type Cost = { readonly cost: number; readonly nowMs: number }

function stopped(meter: Meter, terms: Terms, { cost, nowMs }: Cost): Taken {
  if (terms.timeoutMs === 0) {
    const roomAtMs = fallsToAtMs(meter.marks, terms.limit - Math.max(cost, 1), terms.periodMs)
    // What costs more than the limit never passes: then one may as well come back when the window is over.
    return refused(meter, roomAtMs === 0 ? nowMs + terms.periodMs : roomAtMs, false)
  }
  const blockedUntilMs = nowMs + terms.timeoutMs
  return refused({ ...meter, blockedUntilMs, blockedUnder: nameOf(terms) }, blockedUntilMs, true)
}

function refused(meter: Meter, retryAtMs: number, isToBeSaved: boolean): Taken {
  return { meter, isRefused: true, remaining: 0, retryAtMs, isToBeSaved }
}

function counted(meter: Meter, terms: Terms, { cost, nowMs }: Cost): Taken {
  const marks = withCount(meter.marks, cost, nowMs)
  const total = totalOf(marks)
  const unsaved = meter.unsaved + cost
  return {
    meter: { ...meter, marks, unsaved },
    isRefused: false,
    remaining: Math.max(0, terms.limit - total),
    retryAtMs: 0,
    isToBeSaved: unsaved > 0 && unsaved >= Math.ceil((terms.limit - (total - unsaved)) / 2),
  }
}

/** Limits that are changed while somebody is blocked are other limits: the block ends, the count goes on. */
function nameOf({ limit, periodMs, timeoutMs }: Terms): string {
  return `${limit}/${periodMs}/${timeoutMs}`
}
