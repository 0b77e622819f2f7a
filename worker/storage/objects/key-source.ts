/**
 * The keys of one token configuration that come from elsewhere: fetched once for all isolates, kept on disk, renewed by an
 * alarm. Isolates ask here; the provider sees one fetch at a time, however many ask. The last good set stays in force while
 * the provider fails, for a day. Requests for unknown keys make it fetch again at most five times at once and then once a
 * second, however many there are. None is turned away for that: each waits for a fetch that began after it came, so a flood
 * of made-up key ids delays the first tokens after a rotation by a second or two, and refuses none of them.
 */
import { DurableObject } from 'cloudflare:workers'
import { type Allowance, reserve } from '#engines/rates'
import { err, ok, type Result } from '#engines/result'
import type { Jwk } from '#engines/tokens'
import { logFailure } from '../../log.ts'
import { remotePorts } from '../../remote/ports.ts'
import type { Settings } from '../../settings.ts'
import type { KeysReading, KeySourceStatus, KeysRequest } from '../ports.ts'
import type { KeySource as Source } from '../resources/tokens.ts'
import { shieldEvent } from '../shield-event.ts'
import { describeKeysFailure, fetchKeys } from './key-source-fetch.ts'
import {
  afterFailure,
  afterSuccess,
  isIdle,
  isNews,
  KEY_SOURCE_LIMITS,
  keysInForce,
  type KeySourceState,
  opened,
} from './key-source-state.ts'
import { createEventStore } from './traffic-store.ts'

/** Refetches that requests may cause. Not kept on disk: after a restart the burst is there again. */
const REFETCHES: Allowance = { burst: 5, intervalMs: 1_000 }

/** How exactly it is remembered on disk when somebody asked last. */
const ASKED_PRECISION_MS = 60 * 60 * 1000

const STATE = 'state'

export type WireKeysRequest = Pick<KeysRequest, 'source' | 'known' | 'wanted'>

export class KeySource extends DurableObject<Settings> {
  #state: KeySourceState | null
  /** The fetch under way; never rejects. */
  #flight: Promise<Result<KeySourceState, string>> | null = null
  /** The fetch that waits for its permit, and for which whoever asks meanwhile waits too. */
  #upcoming: Promise<unknown> | null = null
  #refetchesFullAtMs = 0

  constructor(state: DurableObjectState, env: Settings) {
    super(state, env)
    this.#state = state.storage.kv.get<KeySourceState>(STATE) ?? null
  }

  async current({ source, known, wanted }: WireKeysRequest): Promise<KeysReading> {
    const state = this.#asked(source)
    const has = (): boolean => isSatisfied(this.#state, wanted)
    if (!has()) await this.#renewUnless(has, source)
    // Idle for long, or an alarm was lost: whoever asks now need not wait for it.
    else if (Date.now() > state.nextRefreshAtMs) this.ctx.waitUntil(this.#fetch(source))
    return this.#reading(known)
  }

  /** Fetches now, whatever the bound on refetches says: for the operator. */
  async refresh(source: Source): Promise<Result<{ keys: number; fetchedAt: string }, string>> {
    this.#asked(source)
    const fetched = await this.#fetch(source)
    if (!fetched.ok) return fetched
    const { held } = fetched.value
    if (held === null) return err('no keys are held')
    return ok({ keys: held.keys.length, fetchedAt: isoTime(held.fetchedAtMs) })
  }

  status(): KeySourceStatus | null {
    const state = this.#state
    if (state === null) return null
    const held = keysInForce(state, Date.now())
    const { lastFailure } = state
    return {
      keys: (held?.keys ?? []).map(describeKey),
      fetched_at: state.held === null ? null : isoTime(state.held.fetchedAtMs),
      next_refresh_at:
        state.held === null || isIdle(state, Date.now()) ? null : isoTime(state.nextRefreshAtMs),
      last_failure:
        lastFailure === null
          ? null
          : { at: isoTime(lastFailure.atMs), message: lastFailure.message },
    }
  }

  override async alarm(): Promise<void> {
    const state = this.#state
    if (state === null) return
    const isWorthAsking = state.held !== null && !isIdle(state, Date.now())
    if (isWorthAsking) await this.#fetch(state.source)
    else await this.#rest(state)
  }

  /** Nobody asks: nothing is fetched, and in the end nothing is kept. */
  async #rest(state: KeySourceState): Promise<void> {
    const held = keysInForce(state, Date.now())
    if (held !== null) {
      await this.ctx.storage.setAlarm(held.fetchedAtMs + KEY_SOURCE_LIMITS.staleMsMax + 1)
      return
    }
    this.#state = null
    await this.ctx.storage.deleteAll()
  }

  /** The state, with the time of this question in it. */
  #asked(source: Source): KeySourceState {
    const nowMs = Date.now()
    const state = this.#state ?? opened(source, nowMs)
    const isDue = this.#state === null || nowMs - state.askedAtMs > ASKED_PRECISION_MS
    return isDue ? this.#keep({ ...state, askedAtMs: nowMs }) : state
  }

  /** A fetch that was under way when the question came may have read an older set: then one more is worth it. */
  async #renewUnless(has: () => boolean, source: Source): Promise<void> {
    if (this.#flight !== null) {
      await this.#flight
      if (has()) return
    }
    this.#upcoming ??= this.#permitted().then(() => {
      this.#upcoming = null
      return this.#fetch(source)
    })
    await this.#upcoming
  }

  async #permitted(): Promise<void> {
    const { waitMs, fullAtMs } = reserve(REFETCHES, this.#refetchesFullAtMs, Date.now())
    this.#refetchesFullAtMs = fullAtMs
    if (waitMs > 0) await scheduler.wait(waitMs)
  }

  #fetch(source: Source): Promise<Result<KeySourceState, string>> {
    this.#flight ??= this.#fetchOnce(source).finally(() => {
      this.#flight = null
    })
    return this.#flight
  }

  async #fetchOnce(source: Source): Promise<Result<KeySourceState, string>> {
    const fetched = await fetchKeys(remotePorts(this.env), source)
    const nowMs = Date.now()
    const before = this.#state ?? opened(source, nowMs)
    if (fetched.ok) {
      const state = this.#keep(afterSuccess(before, fetched.value, nowMs))
      await this.ctx.storage.setAlarm(state.nextRefreshAtMs)
      return ok(state)
    }
    const message = describeKeysFailure(source, fetched.error)
    const state = this.#keep(afterFailure(before, message, nowMs))
    // A source that never worked is asked only on demand: it may belong to no configuration.
    const restsAtMs = nowMs + KEY_SOURCE_LIMITS.idleMsMax + 1
    await this.ctx.storage.setAlarm(state.held === null ? restsAtMs : state.nextRefreshAtMs)
    if (isNews(before, message)) await this.#tell(message, nowMs)
    return err(message)
  }

  #reading(known: string | null): KeysReading {
    const state = this.#state
    const held = state === null ? null : keysInForce(state, Date.now())
    if (held === null) {
      return {
        outcome: 'unavailable',
        message: state?.lastFailure?.message ?? 'the keys were not fetched yet',
      }
    }
    const { digest, keys, fetchedAtMs } = held
    if (digest === known) return { outcome: 'unchanged', fetchedAtMs }
    return { outcome: 'keys', digest, keys, fetchedAtMs }
  }

  async #tell(message: string, nowMs: number): Promise<void> {
    const event = shieldEvent({
      id: crypto.randomUUID(),
      nowMs,
      reason: 'key_source_failed',
      description: message,
    })
    try {
      await createEventStore(this.env.TRAFFIC, this.env.ZONE_ID).record([event])
    } catch (cause) {
      logFailure('key_source_failed', cause, { message })
    }
  }

  #keep(state: KeySourceState): KeySourceState {
    this.#state = state
    this.ctx.storage.kv.put(STATE, state)
    return state
  }
}

/** Whether there are keys and the wanted one is among them. */
function isSatisfied(state: KeySourceState | null, wanted: string | null): boolean {
  const held = state === null ? null : keysInForce(state, Date.now())
  if (held === null) return false
  return wanted === null || held.keys.some(({ kid }) => kid === wanted)
}

function describeKey({ kid, alg, kty }: Jwk): KeySourceStatus['keys'][number] {
  return { ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }), kty }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
