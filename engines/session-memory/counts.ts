/**
 * How many distinct values of a path variable a session has asked for, and how often it has made the same request: what tells
 * an enumeration and a replay from use. Counts begin anew after an hour without use and after a day.
 */
import { distinctCount, type DistinctSketch, EMPTY_DISTINCT, withDistinct } from '#engines/sketches'
import { SESSION_MEMORY_LIMITS as limits } from './limits.ts'

type Span = { readonly sinceMs: number; readonly lastMs: number }

export type DistinctValues = Span & { readonly values: DistinctSketch }

export type Repetitions = Span & { readonly times: number }

/** By operation and variable, or by request; the one used longest ago first. */
export type Counts<T> = { readonly [key: string]: T }

/** `hash` is that of the value. */
export function withValue(
  counts: Counts<DistinctValues>,
  { key, hash, nowMs }: { readonly key: string; readonly hash: string; readonly nowMs: number },
): Counts<DistinctValues> {
  const before = live(counts[key], nowMs)
  const values = withDistinct(before?.values ?? EMPTY_DISTINCT, hash)
  return renewed(counts, key, {
    value: { sinceMs: before?.sinceMs ?? nowMs, lastMs: nowMs, values },
    countsMax: limits.distinctMax,
  })
}

export function valuesOf(counts: Counts<DistinctValues>, key: string, nowMs: number): number {
  const found = live(counts[key], nowMs)
  return found === undefined ? 0 : distinctCount(found.values)
}

export function withRequest(
  counts: Counts<Repetitions>,
  key: string,
  nowMs: number,
): Counts<Repetitions> {
  const before = live(counts[key], nowMs)
  return renewed(counts, key, {
    value: {
      sinceMs: before?.sinceMs ?? nowMs,
      lastMs: nowMs,
      times: (before?.times ?? 0) + 1,
    },
    countsMax: limits.requestsMax,
  })
}

export function timesOf(counts: Counts<Repetitions>, key: string, nowMs: number): number {
  return live(counts[key], nowMs)?.times ?? 0
}

/** When nothing in them counts any more. */
export function countsExpireAtMs(counts: Counts<Span>): number {
  return Math.max(0, ...Object.values(counts).map(({ lastMs }) => lastMs + limits.idleMs))
}

function live<T extends Span>(count: T | undefined, nowMs: number): T | undefined {
  if (count === undefined) return undefined
  const isLive = nowMs - count.lastMs < limits.idleMs && nowMs - count.sinceMs < limits.ageMsMax
  return isLive ? count : undefined
}

type Renewal<T> = { readonly value: T; readonly countsMax: number }

/** The key last, and as many as there is room for. Keys are hashes or ids with a letter, so that their order is that of insertion. */
function renewed<T>(counts: Counts<T>, key: string, { value, countsMax }: Renewal<T>): Counts<T> {
  const others = Object.entries(counts).filter(([other]) => other !== key)
  return Object.fromEntries([
    ...others.slice(Math.max(0, others.length + 1 - countsMax)),
    [key, value],
  ])
}
