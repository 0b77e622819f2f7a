/**
 * Which rate limits a request is asked about, and what it would use of each. Evaluates what the rules say of the request and
 * counts nothing.
 */
import type { FieldSource, Value } from '#engines/expressions'
import { createFieldSource } from '#engines/request-fields'
import type { Skips } from '#engines/rulesets'
import type { MeterClaim } from '../../storage/session-visit.ts'
import { ensure } from '../detect.ts'
import type { Exchange } from '../exchange.ts'
import type { GatewayPorts } from '../stage.ts'
import { networkKeyOf } from './keys.ts'
import type { GatewayRateRule } from './rate-rules.ts'

export type LimitClaim = {
  readonly rule: GatewayRateRule
  /** Beyond the limit the request is stopped, unless a rule that is asked yet excepts it. */
  readonly isFinal: boolean
  /** Where it is counted; `missing`: a characteristic is not there, and the rule stops such requests. */
  readonly place: { readonly home: string; readonly claim: MeterClaim } | 'missing'
}

/** In the order of the rules. @throws when a detector fails that one of them needs. */
export async function claimsOf(
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<readonly LimitClaim[]> {
  const source = createFieldSource(exchange, {
    detected: exchange.detected,
    lists: exchange.snapshot.lists.matchers,
  })
  // By rules: one that several execute counts a request once.
  const claims = new Map<string, LimitClaim>()
  for (const rule of exchange.snapshot.rules.rateRules) {
    if (claims.has(rule.id) || isSkipped(rule, exchange.skips)) continue
    if (!(await isReady(rule, exchange, ports))) continue
    const isFinal = rule.isFinal && !exchange.mayBeExcepted
    const claim = await claimOf(rule, source, { isFinal, ports })
    if (claim !== null) claims.set(rule.id, claim)
  }
  return [...claims.values()]
}

function isSkipped(rule: GatewayRateRule, skips: Skips | null): boolean {
  if (skips === null) return false
  const { id, rulesetIds, executedBy } = rule
  return (
    skips.phases.has('http_ratelimit') ||
    rulesetIds.some((each) => skips.rulesetIds.has(each)) ||
    [id, ...executedBy].some((each) => skips.ruleIds.has(each))
  )
}

/** False when what it needs has failed and is set to let requests pass. */
async function isReady(
  { needs }: GatewayRateRule,
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<boolean> {
  for (const detector of needs.flat()) {
    const failure = await ensure(detector, exchange, ports)
    if (failure !== null) throw new Error(`the detector ${detector.name} failed: ${failure.cause}`)
    if (exchange.failedOpen.has(detector)) return false
  }
  return true
}

/** Null when the rule is not about the request. */
async function claimOf(
  rule: GatewayRateRule,
  source: FieldSource,
  { isFinal, ports }: { readonly isFinal: boolean; readonly ports: GatewayPorts },
): Promise<LimitClaim | null> {
  const guards = rule.applies.slice(0, -1)
  if (!guards.every((guard) => guard.evaluate(source))) return null
  const isChecked = rule.applies.at(-1)?.evaluate(source) === true
  const isCounted =
    rule.counts === null ? isChecked : rule.isCountedAfter || rule.counts.evaluate(source)
  if (!isChecked && !isCounted) return null
  const values = rule.characteristics.map(({ value }) => value.evaluate(source))
  if (rule.whenMissing !== 'share' && values.includes(undefined)) {
    return rule.whenMissing === 'block' && isChecked ? { rule, isFinal, place: 'missing' } : null
  }
  const key = await keyOf(rule, values, ports)
  const cost = rule.isCountedAfter || !isCounted ? 0 : costOf(rule, source)
  const claim = { meter: key.meter, terms: rule.terms, cost, isChecked, isFinal }
  return { rule, isFinal, place: { home: key.home, claim } }
}

/** One that does not tell its cost costs what any request does. */
function costOf({ cost }: GatewayRateRule, source: FieldSource): number {
  if (cost.kind !== 'expression') return 1
  const value = cost.value.evaluate(source)
  return typeof value === 'number' ? Math.max(0, value) : 1
}

type MeterKey = { readonly home: string; readonly meter: string }

/**
 * Counters of one session live with it, and those of one network together, so that one question asks them all. A meter's key
 * begins with that of its home.
 */
async function keyOf(
  { id, characteristics }: GatewayRateRule,
  values: readonly (Value | undefined)[],
  ports: GatewayPorts,
): Promise<MeterKey> {
  const at = placeOf(characteristics.map(({ home }) => home))
  const anchor = values[at]
  const home =
    typeof anchor === 'string' ? await homeOf(characteristics[at]?.home, anchor, ports) : null
  const rest = home === null ? values : values.filter((_, n) => n !== at)
  if (home !== null && rest.length === 0) return { home, meter: `${home}:${id}` }
  const sources = characteristics.map(({ value }) => value.source)
  const named = await hashed(JSON.stringify(sources), JSON.stringify(rest.map(plain)), ports)
  return home === null
    ? { home: named, meter: `${named}:${id}` }
    : { home, meter: `${home}:${id}:${named}` }
}

/** A session before a network: it is the narrower of the two. */
function placeOf(homes: readonly ('session' | 'network' | null)[]): number {
  const session = homes.indexOf('session')
  return session === -1 ? homes.indexOf('network') : session
}

async function homeOf(
  kind: 'session' | 'network' | null | undefined,
  value: string,
  ports: GatewayPorts,
): Promise<string | null> {
  // A session's field is the keyed hash already.
  return kind === 'session' ? value : secret(await networkKeyOf(value, ports))
}

async function hashed(name: string, value: string, { keyedHash }: GatewayPorts): Promise<string> {
  return secret(await keyedHash({ type: 'rate limit', name, value }))
}

function secret(hash: string | null): string {
  if (hash === null) throw new Error('SEALING_SECRET is not set, so that nothing can be counted')
  return hash
}

/** A missing value is null, so that it has a counter of its own and is not the empty text. */
function plain(value: Value | undefined): unknown {
  return value ?? null
}
