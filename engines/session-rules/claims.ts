/**
 * Which rate limits a request is asked about, and what it would use of each. Evaluates what the rules say of the request and
 * counts nothing.
 */
import type { FieldSource, Value } from '#engines/expressions'
import type { RateRule, Skips } from '#engines/rulesets'
import type { HashedText } from '#engines/sessions'
import type { Asking } from './asking.ts'
import { networkIdentity } from './client.ts'
import type { MeterClaim } from './visit.ts'

export type LimitClaim = {
  readonly rule: RateRule<unknown>
  /** Beyond the limit the request is stopped, unless a rule that is asked yet excepts it. */
  readonly isFinal: boolean
  /** Where it is counted; `missing`: a characteristic is not there, and the rule stops such requests. */
  readonly place: { readonly home: string; readonly claim: MeterClaim } | 'missing'
}

/** In the order of the rules. @throws when something fails that one of them needs. */
export async function claimsOf<Needs>({
  rules,
  source,
  skips,
  mayBeExcepted,
  hash,
  prepare,
}: Asking<Needs>): Promise<readonly LimitClaim[]> {
  // By rules: one that several execute counts a request once.
  const claims = new Map<string, LimitClaim>()
  for (const rule of rules.rateRules) {
    if (claims.has(rule.id) || isSkipped(rule, skips)) continue
    if (!(await prepare(rule.needs.toAsk))) continue
    const concern = concernOf(rule, source)
    // Whose the request is can be dear to know: an identifier has to be hashed, or a token verified.
    if (concern === null || !(await prepare(rule.needs.toCount))) continue
    const isFinal = rule.isFinal && !mayBeExcepted
    const claim = await claimOf(rule, { ...concern, isFinal, source, hash })
    if (claim !== null) claims.set(rule.id, claim)
  }
  return [...claims.values()]
}

type Hash = (text: HashedText) => Promise<string>

function isSkipped(rule: RateRule<unknown>, skips: Skips | null): boolean {
  if (skips === null) return false
  const { id, rulesetIds, executedBy } = rule
  return (
    skips.phases.has('http_ratelimit') ||
    rulesetIds.some((each) => skips.rulesetIds.has(each)) ||
    [id, ...executedBy].some((each) => skips.ruleIds.has(each))
  )
}

type Concern = { readonly isChecked: boolean; readonly isCounted: boolean }

/** Null when the rule is not about the request. */
function concernOf(rule: RateRule<unknown>, source: FieldSource): Concern | null {
  const guards = rule.applies.slice(0, -1)
  if (!guards.every((guard) => guard.evaluate(source))) return null
  const isChecked = rule.applies.at(-1)?.evaluate(source) === true
  const isCounted =
    rule.counts === null ? isChecked : rule.isCountedAfter || rule.counts.evaluate(source)
  return isChecked || isCounted ? { isChecked, isCounted } : null
}

type Concerned = Concern & {
  readonly isFinal: boolean
  readonly source: FieldSource
  readonly hash: Hash
}

/** Null when there is nothing to count the request by, and the rule lets such requests pass. */
async function claimOf(
  rule: RateRule<unknown>,
  { isChecked, isCounted, isFinal, source, hash }: Concerned,
): Promise<LimitClaim | null> {
  const values = rule.characteristics.map(({ value }) => value.evaluate(source))
  if (rule.whenMissing !== 'share' && values.includes(undefined)) {
    return rule.whenMissing === 'block' && isChecked ? { rule, isFinal, place: 'missing' } : null
  }
  const key = await keyOf(rule, values, hash)
  const cost = rule.isCountedAfter || !isCounted ? 0 : costOf(rule, source)
  const claim = { meter: key.meter, terms: rule.terms, cost, isChecked, isFinal }
  return { rule, isFinal, place: { home: key.home, claim } }
}

/** One that does not tell its cost costs what any request does. */
function costOf({ cost }: RateRule<unknown>, source: FieldSource): number {
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
  { id, characteristics }: RateRule<unknown>,
  values: readonly (Value | undefined)[],
  hash: Hash,
): Promise<MeterKey> {
  const at = placeOf(characteristics.map(({ home }) => home))
  const anchor = values[at]
  const home =
    typeof anchor === 'string' ? await homeOf(characteristics[at]?.home, anchor, hash) : null
  const rest = home === null ? values : values.filter((_, n) => n !== at)
  if (home !== null && rest.length === 0) return { home, meter: `${home}:${id}` }
  const named = await hash({
    type: 'rate limit',
    name: JSON.stringify(characteristics.map(({ value }) => value.source)),
    value: JSON.stringify(rest.map(plain)),
  })
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
  hash: Hash,
): Promise<string> {
  // A session's field is the hash already.
  return kind === 'session' ? value : hash(networkIdentity(value))
}

/** A missing value is null, so that it has a counter of its own and is not the empty text. */
function plain(value: Value | undefined): unknown {
  return value ?? null
}
