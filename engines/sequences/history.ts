/**
 * The last operations of a session, for the fields `cf.sequence.*` and for rules of two steps. Cloudflare's pages differ on
 * repeats: the fields list each, the rules count what follows itself once. So both are kept. Ask before the current request
 * is added; one that is refused is never added. The functions know nothing of operations but that they are texts.
 *
 * https://developers.cloudflare.com/api-shield/security/sequence-mitigation/
 */
import { HISTORY_LIMITS } from './limits.ts'

/** Plain JSON. */
export type History = {
  /** Requests of the session so far, however long it was silent in between. */
  readonly number: number
  /** Newest first, each repeat; as many as fit beside the current one. */
  readonly recent: readonly PastOperation[]
  /** Newest first, what follows itself once; one more, for the current one may be a repeat of the newest. */
  readonly collapsed: readonly string[]
}

type PastOperation = { readonly operation: string; readonly atMs: number }

const PREVIOUS_MAX = HISTORY_LIMITS.operationsMax - 1

export function withOperation(
  history: History | undefined,
  operation: string,
  nowMs: number,
): History {
  const { number, recent, collapsed } = seenAt(history, nowMs)
  // A clock that went back takes along what it has overtaken: newest first stays youngest first.
  const older = recent.map((past) => ({
    operation: past.operation,
    atMs: Math.min(past.atMs, nowMs),
  }))
  return {
    number: number + 1,
    recent: [{ operation, atMs: nowMs }, ...older].slice(0, PREVIOUS_MAX),
    collapsed:
      collapsed[0] === operation
        ? collapsed
        : [operation, ...collapsed].slice(0, HISTORY_LIMITS.operationsMax),
  }
}

/** Without the newest request for the operation, which did not take place. Numbers are not given again. */
export function withoutOperation(history: History, operation: string): History {
  const at = history.recent.findIndex((past) => past.operation === operation)
  if (at === -1) return history
  const recent = history.recent.filter((_, n) => n !== at)
  const isLeft = recent.some((past) => past.operation === operation)
  const collapsed = history.collapsed.filter((past) => isLeft || past !== operation)
  return { ...history, recent, collapsed }
}

/** Newest first, each repeat, without the current one. */
export function previousOperations(history: History | undefined, nowMs: number): readonly string[] {
  return seenAt(history, nowMs).recent.map(({ operation }) => operation)
}

/** Milliseconds since each of these operations was last asked for. */
export function msecSinceOperation(
  history: History | undefined,
  nowMs: number,
): ReadonlyMap<string, number> {
  const oldestFirst = seenAt(history, nowMs).recent.toReversed()
  return new Map(oldestFirst.map(({ operation, atMs }) => [operation, Math.max(0, nowMs - atMs)]))
}

/** Newest first, what follows itself once, without the current one and its repeats just before it. */
export function previousDistinct(
  history: History | undefined,
  operation: string,
  nowMs: number,
): readonly string[] {
  const { collapsed } = seenAt(history, nowMs)
  const from = collapsed[0] === operation ? 1 : 0
  return collapsed.slice(from, from + PREVIOUS_MAX)
}

const EMPTY: History = { number: 0, recent: [], collapsed: [] }

/** After a silence, nothing before it is seen. */
function seenAt(history: History | undefined, nowMs: number): History {
  const [newest] = history?.recent ?? []
  if (history === undefined || newest === undefined) return history ?? EMPTY
  return nowMs - newest.atMs >= HISTORY_LIMITS.silenceMs
    ? { ...EMPTY, number: history.number }
    : history
}
