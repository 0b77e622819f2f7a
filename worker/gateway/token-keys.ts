/**
 * The keys of one token configuration in this isolate. Listed keys are imported once. Keys of a source are learned from its
 * object at the first token, asked for again beside the requests and never in front of one, and once more, awaited, for a
 * token that names a key nobody knows. There is one question at a time: tokens that come meanwhile wait for its answer, or
 * for the next one where it may have been given before their key was there. A key id that was not found is not asked for
 * again for two seconds. So made-up key ids cost one call at a time, which the object slows down to one a second; they
 * may delay the first tokens after a rotation by about two seconds, and keep none out unless a thousand wait at once. While
 * the provider gives nothing, nobody waits longer than a second for it.
 */
import type { Jwk } from '#engines/tokens'
import { KEY_SOURCE_LIMITS } from '../storage/objects/key-source-state.ts'
import type { KeysReading } from '../storage/ports.ts'
import type { KeySource } from '../storage/resources/tokens.ts'
import { createMissingKeys } from './token-missing-keys.ts'
import type { Moment, TokenPorts } from './stage.ts'

/** `Made` is whatever is made of a set of keys, and dropped with it. */
export type KeyHolder<Made> = {
  /** @throws when there are no keys to judge with. */
  inForce(at: Moment, ports: TokenPorts): Promise<Made>
  /** What there is after asking for a key of this name; the very same `before` when nothing newer came. */
  askFor(kid: string, before: Made, at: Moment & { readonly ports: TokenPorts }): Promise<Made>
}

/** May throw: then there are no keys. */
export type Make<Made> = (keys: readonly Jwk[], ports: TokenPorts) => Promise<Made>

/** Asks for a key without a name. It cannot be missing: whatever the set holds may be it. */
export const NAMELESS = ''

/** Keys that the configuration lists: nothing can change them but another configuration. */
export function createListedKeys<Made>(make: Make<Made>): KeyHolder<Made> {
  let made: Made | null = null
  return {
    async inForce(_at, ports) {
      made ??= await make([], ports)
      return made
    },
    askFor: async (_kid, before) => before,
  }
}

/** How old the isolate's knowledge may get while tokens come in. */
const CHECK_INTERVAL_MS = 30_000

/** After it was told that there are no keys an isolate does not ask again for so long. */
const FAILURE_MS = 1_000

/** A question that has not come back by then was lost with the request that asked it. */
const LOST_AFTER_MS = 25_000

/**
 * How long a request waits for an unknown key when the last question for one brought nothing: its token may be another
 * provider's, and is not to suffer from the outage of this one.
 */
const DOUBTFUL_WAIT_MS = 1_000

/** Requests of one configuration that may wait for an unknown key; those beyond are judged by what there is. */
const WAITING_MAX = 1_000

type Sourced = { readonly configurationId: string; readonly source: KeySource }

type Fetched<Made> = {
  readonly kids: ReadonlySet<string>
  readonly made: Made
  readonly digest: string
  readonly fetchedAtMs: number
}

export function createSourcedKeys<Made>(
  { configurationId, source }: Sourced,
  make: Make<Made>,
): KeyHolder<Made> {
  const missing = createMissingKeys()
  let held: Fetched<Made> | null = null
  let checkedAtMs = 0
  let failure: { readonly message: string; readonly atMs: number } | null = null
  /** The question under way; never rejects. */
  let flight: Promise<void> | null = null
  let waiting = 0
  /** Whether nothing newer was fetched since a key was asked for in vain. */
  let isDoubtful = false

  async function ask(wanted: string | null, nowMs: number, ports: TokenPorts): Promise<void> {
    const known = held?.digest ?? null
    try {
      const reading = await ports.keys.current({ configurationId, source, known, wanted })
      await adopt(reading, nowMs, ports)
    } catch (cause) {
      // Those held stay in force; without any, whoever needs them throws with this.
      const message = cause instanceof Error ? cause.message : String(cause)
      failure = { message, atMs: nowMs }
    }
  }

  async function adopt(reading: KeysReading, nowMs: number, ports: TokenPorts): Promise<void> {
    if (reading.outcome !== 'unavailable' && reading.fetchedAtMs !== held?.fetchedAtMs) {
      isDoubtful = false
    }
    switch (reading.outcome) {
      case 'unchanged':
        if (held !== null) held = { ...held, fetchedAtMs: reading.fetchedAtMs }
        return
      case 'keys': {
        const { digest, keys, fetchedAtMs } = reading
        const isSame = held?.digest === digest
        const made = held !== null && isSame ? held.made : await make(keys, ports)
        held = { digest, fetchedAtMs, kids: kidsOf(keys), made }
        return
      }
      case 'unavailable':
        failure = { message: reading.message, atMs: nowMs }
    }
  }

  function begin(
    wanted: string | null,
    { nowMs, later }: Moment,
    ports: TokenPorts,
  ): Promise<void> {
    checkedAtMs = nowMs
    const question = ask(wanted, nowMs, ports).finally(() => {
      if (flight === question) flight = null
    })
    flight = question
    // It is others' question too: it goes on when the client that caused it hangs up.
    later(question)
    return question
  }

  async function join(question: Promise<void>, { wait }: TokenPorts): Promise<void> {
    await Promise.race([question, wait(LOST_AFTER_MS)])
    if (flight === question) flight = null
  }

  /** A question that was under way already may be answered too early for this one: then there is one more. */
  async function askUnless(isEnough: () => boolean, wanted: string | null, at: At): Promise<void> {
    if (flight !== null) {
      await join(flight, at.ports)
      if (isEnough()) return
    }
    await join(flight ?? begin(wanted, at, at.ports), at.ports)
  }

  async function askBriefly(wanted: string, at: At): Promise<void> {
    const isLost = at.nowMs - checkedAtMs > LOST_AFTER_MS
    const question = (isLost ? null : flight) ?? begin(wanted, at, at.ports)
    await Promise.race([question, at.ports.wait(DOUBTFUL_WAIT_MS)])
  }

  const heldAt = (nowMs: number): Fetched<Made> | null =>
    held !== null && nowMs - held.fetchedAtMs <= KEY_SOURCE_LIMITS.staleMsMax ? held : null

  const hasJustFailed = (nowMs: number): boolean =>
    failure !== null && nowMs - failure.atMs < FAILURE_MS

  return {
    async inForce(at, ports) {
      const { nowMs } = at
      const isEnough = (): boolean => heldAt(nowMs) !== null || hasJustFailed(nowMs)
      if (!isEnough()) await askUnless(isEnough, null, { ...at, ports })
      // One that is still under way was lost by now.
      else if (nowMs - checkedAtMs >= CHECK_INTERVAL_MS) void begin(null, at, ports)
      const keys = heldAt(nowMs)
      if (keys !== null) return keys.made
      const reason = failure?.message ?? 'nobody answered'
      throw new Error(`keys_unavailable: token configuration ${configurationId}: ${reason}`)
    },
    async askFor(kid, before, at) {
      const isKnown = (): boolean => held?.kids.has(kid) === true
      if (isKnown() || missing.has(kid, at.nowMs) || waiting >= WAITING_MAX) {
        return held?.made ?? before
      }
      const seenAtMs = held?.fetchedAtMs
      waiting += 1
      try {
        await (isDoubtful ? askBriefly(kid, at) : askUnless(isKnown, kid, at))
      } finally {
        waiting -= 1
      }
      if (isKnown()) return held?.made ?? before
      // Only what was fetched since says that it is not there.
      if (held?.fetchedAtMs === seenAtMs) isDoubtful = true
      else if (kid !== NAMELESS) missing.add(kid, at.nowMs)
      return held?.made ?? before
    },
  }
}

type At = Moment & { readonly ports: TokenPorts }

function kidsOf(keys: readonly Jwk[]): ReadonlySet<string> {
  return new Set(keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid])))
}
