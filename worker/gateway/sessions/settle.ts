/**
 * After the answer: what only the answer tells is counted, what did not take place is given back and withdrawn from the session's
 * memory. The client waits where a limit counts answers and where something is withdrawn, so that one who asks one by one cannot
 * be faster; it does not wait for what is given back.
 */
import type { FieldSource } from '#engines/expressions'
import { createFieldSource, responseFields } from '#engines/request-fields'
import type { SessionSettlement } from '../../storage/session-visit.ts'
import type { Exchange } from '../exchange.ts'
import type { GatewayPorts } from '../stage.ts'
import type { AskedLimit, SessionFindings } from './findings.ts'

/** What the client gets, from the origin or from the shield. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly isOfOrigin: boolean
  /** The shield itself has refused the request. */
  readonly isRefused: boolean
}

export type Settling = {
  readonly isAwaited: boolean
  readonly settlements: readonly SessionSettlement[]
}

/** Null when there is nothing to settle, as with nearly every request. */
export function settlingOf(exchange: Exchange, answer: Answer): Settling | null {
  const { sessions } = exchange
  if (sessions === null) return null
  const charges = sessions.limits.flatMap((limit) => chargeOf(limit, exchange, answer))
  const returns = sessions.limits.flatMap((limit) => returnOf(limit, exchange, answer))
  const answered = answeredOf(sessions, answer)
  const withdrawn = answer.isRefused ? sessions.remembered : null
  if (charges.length + returns.length === 0 && answered === null && withdrawn === null) return null
  const homes = new Set([...charges, ...returns].map(({ home }) => home))
  if (answered !== null) homes.add(answered.session)
  if (withdrawn !== null) homes.add(withdrawn.session)
  return {
    isAwaited: charges.length > 0 || answered !== null || withdrawn !== null,
    settlements: Array.from(homes, (home) => ({
      home,
      charges: charges.filter((each) => each.home === home).map(({ charge }) => charge),
      returns: returns.filter((each) => each.home === home).map(({ returned }) => returned),
      answered: answered?.session === home ? answered : null,
      withdrawn: withdrawn?.session === home ? withdrawn : null,
    })),
  }
}

export async function settle(
  { settlements }: Settling,
  { sessions }: Pick<GatewayPorts, 'sessions'>,
): Promise<void> {
  await Promise.all(settlements.map((settlement) => sessions.settle(settlement)))
}

type Charge = {
  readonly home: string
  readonly charge: SessionSettlement['charges'][number]
}

function chargeOf(
  { rule, home, claim, isRefused }: AskedLimit,
  exchange: Exchange,
  answer: Answer,
): readonly Charge[] {
  if (!rule.isCountedAfter || home === null || claim === null || isRefused) return []
  if (!exchange.reachedLimits.has(rule.id)) return []
  const source = answerSource(exchange, answer)
  if (rule.counts !== null && !rule.counts.evaluate(source)) return []
  const cost = costOf(rule, answer)
  return cost === 0 ? [] : [{ home, charge: { meter: claim.meter, terms: rule.terms, cost } }]
}

function costOf({ cost }: AskedLimit['rule'], { headers }: Answer): number {
  if (cost.kind !== 'header') return 1
  const written = headers.get(cost.name) ?? ''
  // Cloudflare's bounds of a score; an answer without one costs nothing.
  return /^\d{1,7}$/.test(written) ? Math.min(Number(written), SCORE_MAX) : 0
}

const SCORE_MAX = 1_000_000

function answerSource(exchange: Exchange, { status, headers }: Answer): FieldSource {
  const detected = new Map([...exchange.detected, ...responseFields({ status, headers })])
  return createFieldSource(exchange, { detected, lists: exchange.snapshot.lists.matchers })
}

type Return = {
  readonly home: string
  readonly returned: SessionSettlement['returns'][number]
}

/** Of rules that were not reached, because one before them stopped the request, and of those that count what reaches the origin. */
function returnOf(
  { rule, home, claim, countedAtMs }: AskedLimit,
  { reachedLimits }: Exchange,
  { isOfOrigin }: Answer,
): readonly Return[] {
  if (home === null || claim === null || countedAtMs === null || claim.cost === 0) return []
  const isKept = reachedLimits.has(rule.id) && (isOfOrigin || !rule.toOriginOnly)
  const { meter, cost } = claim
  return isKept ? [] : [{ home, returned: { meter, cost, atMs: countedAtMs } }]
}

function answeredOf(
  { unanswered }: SessionFindings,
  { isOfOrigin, status }: Answer,
): SessionSettlement['answered'] {
  return isOfOrigin && status >= 200 && status < 300 ? unanswered : null
}
