/**
 * What a key source remembers, and when it asks again: arithmetic without a clock or storage. A failure never takes keys
 * away; only age does.
 */
import type { Jwk } from '#engines/tokens'
import type { KeySource } from '../resources/tokens.ts'

export const KEY_SOURCE_LIMITS = {
  /** Bytes of a key set or a discovery document. */
  documentBytesMax: 262_144,
  /** Milliseconds for one document, head and body. */
  timeoutMs: 5_000,
  /** Keys are fetched again when the provider's max-age is over, but neither sooner … */
  refreshSecondsMin: 60,
  /** … nor later; … */
  refreshSecondsMax: 3_600,
  /** … and after this when it says nothing. */
  refreshSecondsDefault: 600,
  /** After a failure; doubled with each further one. */
  retryMsMin: 5_000,
  retryMsMax: 300_000,
  /** Keys that could not be renewed stay in force for a day, so that an outage of the provider is not one of the API. */
  staleMsMax: 24 * 60 * 60 * 1000,
  /** A source whose keys nobody has asked for is not fetched any more. */
  idleMsMax: 24 * 60 * 60 * 1000,
} as const

export type HeldKeys = {
  readonly keys: readonly Jwk[]
  readonly digest: string
  readonly fetchedAtMs: number
}

export type KeySourceState = {
  readonly source: KeySource
  /** The last good set. */
  readonly held: HeldKeys | null
  readonly nextRefreshAtMs: number
  /** Since the last success. */
  readonly failures: number
  readonly lastFailure: { readonly atMs: number; readonly message: string } | null
  readonly askedAtMs: number
}

export type FetchedKeys = Pick<HeldKeys, 'keys' | 'digest'> & {
  /** Of Cache-Control. */
  readonly maxAgeSeconds: number | null
}

export function opened(source: KeySource, nowMs: number): KeySourceState {
  return {
    source,
    held: null,
    nextRefreshAtMs: nowMs,
    failures: 0,
    lastFailure: null,
    askedAtMs: nowMs,
  }
}

export function afterSuccess(
  state: KeySourceState,
  { keys, digest, maxAgeSeconds }: FetchedKeys,
  nowMs: number,
): KeySourceState {
  const { refreshSecondsMin, refreshSecondsMax, refreshSecondsDefault } = KEY_SOURCE_LIMITS
  const asked = maxAgeSeconds ?? refreshSecondsDefault
  const seconds = Math.min(Math.max(asked, refreshSecondsMin), refreshSecondsMax)
  return {
    ...state,
    held: { keys, digest, fetchedAtMs: nowMs },
    nextRefreshAtMs: nowMs + seconds * 1000,
    failures: 0,
    lastFailure: null,
  }
}

export function afterFailure(
  state: KeySourceState,
  message: string,
  nowMs: number,
): KeySourceState {
  const { retryMsMin, retryMsMax } = KEY_SOURCE_LIMITS
  const retryMs = Math.min(retryMsMin * 2 ** Math.min(state.failures, 10), retryMsMax)
  return {
    ...state,
    nextRefreshAtMs: nowMs + retryMs,
    failures: state.failures + 1,
    lastFailure: { atMs: nowMs, message },
  }
}

/** `null` when there never were any, or they are too old to be believed. */
export function keysInForce({ held }: KeySourceState, nowMs: number): HeldKeys | null {
  if (held === null || nowMs - held.fetchedAtMs > KEY_SOURCE_LIMITS.staleMsMax) return null
  return held
}

export function isIdle({ askedAtMs }: KeySourceState, nowMs: number): boolean {
  return nowMs - askedAtMs > KEY_SOURCE_LIMITS.idleMsMax
}

/** A streak of failures is told once, and again when its reason changes. */
export function isNews({ lastFailure }: KeySourceState, message: string): boolean {
  return lastFailure?.message !== message
}
