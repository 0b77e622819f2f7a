/** What the answer to a request settles: what only it tells is counted, what did not take place is given back and withdrawn. */
import type { FieldSource, Value } from '#engines/expressions'
import { responseFields } from '#engines/request-fields'
import type { AskedLimit, SessionFindings } from './findings.ts'
import type { SessionSettlement } from './visit.ts'

/** What the client gets, from the origin or from the shield. */
export type Answer = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Iterable<readonly [string, string]> & {
    get(name: string): string | null | undefined
  }
  readonly isOfOrigin: boolean
  /** The shield itself has refused the request. */
  readonly isRefused: boolean
}

export type Settling = {
  /** The client waits for it: a limit counts answers, a step counts once it is answered, or one that was refused is withdrawn. */
  readonly isAwaited: boolean
  readonly settlements: readonly SessionSettlement[]
}

type Answered = {
  readonly answer: Answer
  /** The limits that rules asked about, by the ids of the rules. */
  readonly reachedLimits: ReadonlySet<string>
  /** The fields of the request, and these. */
  readonly sourceWith: (fields: ReadonlyMap<number, Value>) => FieldSource
}

/** Null when there is nothing to settle, as with nearly every request. */
export function settlingOf(findings: SessionFindings, answered: Answered): Settling | null {
  const charges = findings.limits.flatMap((limit) => chargeOf(limit, answered))
  const returns = findings.limits.flatMap((limit) => returnOf(limit, answered))
  const confirmed = confirmedOf(findings, answered.answer)
  const withdrawn = answered.answer.isRefused ? findings.remembered : null
  if (charges.length + returns.length === 0 && confirmed === null && withdrawn === null) return null
  const homes = new Set([...charges, ...returns].map(({ home }) => home))
  if (confirmed !== null) homes.add(confirmed.session)
  if (withdrawn !== null) homes.add(withdrawn.session)
  return {
    isAwaited: charges.length > 0 || confirmed !== null || withdrawn !== null,
    settlements: Array.from(homes, (home) => ({
      home,
      charges: charges.filter((each) => each.home === home).map(({ charge }) => charge),
      returns: returns.filter((each) => each.home === home).map(({ returned }) => returned),
      answered: confirmed?.session === home ? confirmed : null,
      withdrawn: withdrawn?.session === home ? withdrawn : null,
    })),
  }
}

type Charge = {
  readonly home: string
  readonly charge: SessionSettlement['charges'][number]
}

function chargeOf(
  { rule, home, claim, isRefused }: AskedLimit,
  { answer, reachedLimits, sourceWith }: Answered,
): readonly Charge[] {
  if (!rule.isCountedAfter || home === null || claim === null || isRefused) return []
  if (!reachedLimits.has(rule.id)) return []
  const isCounted = rule.counts?.evaluate(sourceWith(responseFields(answer))) ?? true
  if (!isCounted) return []
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

type Return = {
  readonly home: string
  readonly returned: SessionSettlement['returns'][number]
}

/** Of rules that were not reached, because one before them stopped the request, and of those that count what reaches the origin. */
function returnOf(
  { rule, home, claim, countedAtMs }: AskedLimit,
  { reachedLimits, answer: { isOfOrigin } }: Answered,
): readonly Return[] {
  if (home === null || claim === null || countedAtMs === null || claim.cost === 0) return []
  const isKept = reachedLimits.has(rule.id) && (isOfOrigin || !rule.toOriginOnly)
  const { meter, cost } = claim
  return isKept ? [] : [{ home, returned: { meter, cost, atMs: countedAtMs } }]
}

function confirmedOf(
  { unanswered }: SessionFindings,
  { isOfOrigin, status }: Answer,
): SessionSettlement['answered'] {
  return isOfOrigin && status >= 200 && status < 300 ? unanswered : null
}
