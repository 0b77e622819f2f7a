/**
 * Asks the objects that count and remember, in the order of the rules: one question for all counters and the memory of one
 * key, so that a request whose limits count by session asks once. Who is known to be blocked is not asked about. What was
 * counted for a rule behind the one that stopped the request is given back by settle.ts.
 */
import type { SessionView } from '#engines/session-memory'
import {
  answeredLimit,
  type AskedLimit,
  type LimitClaim,
  type MeterClaim,
  quotaOf,
  type SessionOfVisit,
  unaskedLimit,
  type VisitAnswer,
  type Visited,
} from '#engines/session-rules'
import type { GatewayPorts } from '../stage.ts'

type Asking = {
  readonly claims: readonly LimitClaim[]
  readonly event: SessionOfVisit | null
  readonly nowMs: number
  readonly ports: Pick<GatewayPorts, 'sessions' | 'blocks' | 'approximateLimit'>
}

export async function visit({ claims, event, nowMs, ports }: Asking): Promise<Visited> {
  const limits = new Map<LimitClaim, AskedLimit>()
  let view: SessionView | null = null
  let isRemembered = false
  let isTold = event === null
  for (const claim of claims) {
    const asked = limits.get(claim) ?? withoutAsking(claim, nowMs, ports)
    if (asked !== null) {
      limits.set(claim, asked)
    } else if (claim.rule.isApproximate) {
      limits.set(claim, await askApproximate(claim, ports))
    } else {
      const { home } = placed(claim)
      const together = claims.filter((each) => !limits.has(each) && isAskedAt(each, home))
      const isHomeOfEvent = event?.session === home && !isTold
      const answer = await ports.sessions.visit({
        home,
        claims: together.map((each) => placed(each).claim),
        event: isHomeOfEvent ? event : null,
      })
      isTold ||= isHomeOfEvent
      isRemembered ||= answer.isRemembered
      view = answer.view ?? view
      for (const [n, each] of together.entries()) {
        const limit = answeredLimit(each, answer.meters[n] ?? null, answer.nowMs)
        if (limit !== null) limits.set(each, limit)
        if (limit !== null && limit.isRefused) rememberBlock(limit, answer, ports)
      }
    }
    if (claim.isFinal && limits.get(claim)?.isRefused === true)
      return { limits: [...limits.values()], view, isRemembered }
  }
  if (event !== null && !isTold) {
    const answer = await ports.sessions.visit({ home: event.session, claims: [], event })
    view = answer.view
    isRemembered = answer.isRemembered
  }
  return { limits: [...limits.values()], view, isRemembered }
}

type Placed = { readonly home: string; readonly claim: MeterClaim }

function placed({ rule, place }: LimitClaim): Placed {
  if (place === 'missing') throw new Error(`rule ${rule.id} has no counter for the request`)
  return place
}

function isAskedAt({ rule, place }: LimitClaim, home: string): boolean {
  return !rule.isApproximate && place !== 'missing' && place.home === home
}

/** Null when somebody has to be asked. */
function withoutAsking(
  claimed: LimitClaim,
  nowMs: number,
  { blocks }: Pick<GatewayPorts, 'blocks'>,
): AskedLimit | null {
  const unasked = unaskedLimit(claimed)
  const { rule, place } = claimed
  if (unasked !== null || place === 'missing' || !place.claim.isChecked) return unasked
  const { home, claim } = place
  const untilMs = blocks.blockedUntilMs(claim.meter, nowMs)
  if (untilMs === null) return null
  const quota = quotaOf(claim, untilMs - nowMs)
  return { rule, home, claim: null, isRefused: true, quota, countedAtMs: null }
}

/** Not where requests are given back: then there may be room again at any time. Nor where costs differ. */
function rememberBlock(
  { rule, claim, quota }: AskedLimit,
  { nowMs }: VisitAnswer,
  { blocks }: Pick<GatewayPorts, 'blocks'>,
): void {
  if (claim === null || quota === null || rule.toOriginOnly) return
  if (rule.cost.kind === 'expression' && claim.terms.timeoutMs === 0) return
  blocks.set(claim.meter, nowMs + quota.retryAfterMs, nowMs)
}

async function askApproximate(
  { rule, place }: LimitClaim,
  { approximateLimit }: Pick<GatewayPorts, 'approximateLimit'>,
): Promise<AskedLimit> {
  const nothing = { rule, home: null, claim: null, countedAtMs: null } as const
  if (place === 'missing' || !place.claim.isChecked) {
    return { ...nothing, isRefused: place === 'missing', quota: null }
  }
  const { limit, periodMs } = place.claim.terms
  const binding = approximateLimit(limit, periodMs / 1_000)
  if (binding === null) {
    const name = approximateBindingName(limit, periodMs / 1_000)
    throw new Error(`rule ${rule.id} counts approximately, and there is no binding ${name}`)
  }
  const { success } = await binding.limit({ key: place.claim.meter })
  return {
    ...nothing,
    isRefused: !success,
    quota: success ? null : quotaOf(place.claim, periodMs),
  }
}

/** The rate limit binding of a limit and a period, as wrangler.toml has to name it. */
export function approximateBindingName(limit: number, periodSeconds: number): string {
  return `RATE_LIMIT_${limit}_${periodSeconds}`
}
