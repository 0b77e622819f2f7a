/**
 * Rate limiting rules (https://developers.cloudflare.com/waf/rate-limiting-rules/parameters/) in two forms: as rules that ask
 * whether the limit is exceeded, and as what has to be known of a request to find that out.
 */
import {
  type CompiledExpression,
  type CompiledValueExpression,
  compileValueExpression,
  usesResponse,
} from '#engines/expressions'
import type { Terms } from '#engines/rates'
import { oneSpelling, spellingOf } from '#engines/request-fields'
import type { RateLimit } from '#engines/rule-files'
import { compiled } from './compiled.ts'
import { entryLists, entryPoints, executedBy } from './entry-lists.ts'
import type { PlanInput, RuleInput, RulesetInput } from './input.ts'
import type { RuleList } from './rule.ts'
import { foundOf, RATE_EXCEEDED } from './session-verdicts.ts'

export const RATE_PHASE = 'http_ratelimit'

export function rateLists<Needs>(input: PlanInput<Needs>): readonly RuleList<Needs>[] {
  return entryLists(RATE_PHASE, input, ({ rule, rulesetId, action }) => {
    const { id, description } = rule
    const own = compiled(rule.expression, input.lists)
    // What is counted may be other requests than those it acts on: then every request is one that it can be about.
    const counting = rule.ratelimit?.counting_expression ?? ''
    const asked = counting === '' ? own : { ...own, conditions: {} }
    const expression = action.kind === 'execute' ? own : foundOf(RATE_EXCEEDED, id, asked)
    return {
      id,
      description,
      rulesetId,
      source: 'rateLimit',
      expression,
      operationIds: null,
      needs: input.needs(expression),
      action,
    }
  })
}

/** A limit as it is asked before a request. */
export type RateRule<Needs> = {
  readonly id: string
  /** The rulesets that it stands in, and the rules that execute them: who skips one of them skips it. */
  readonly rulesetIds: readonly string[]
  readonly executedBy: readonly string[]
  readonly terms: Terms
  /** All have to hold for the rule to act on a request: the last is its own, before it those that execute its ruleset. */
  readonly applies: readonly CompiledExpression[]
  /** Which requests are counted; null: those that it acts on. */
  readonly counts: CompiledExpression | null
  /** Only the answer decides whether a request counts, or for how much. */
  readonly isCountedAfter: boolean
  readonly cost: RateCost
  readonly characteristics: readonly RateCharacteristic[]
  readonly whenMissing: 'share' | 'pass' | 'block'
  readonly isApproximate: boolean
  /** What does not reach the origin is given back. */
  readonly toOriginOnly: boolean
  /** Beyond the limit the request is stopped. */
  readonly isFinal: boolean
  readonly needs: {
    /** What has to happen before anybody can tell whether the rule is about a request. */
    readonly toAsk: readonly Needs[]
    /** And, where it is, before the request can be counted. */
    readonly toCount: readonly Needs[]
  }
}

type RateCost =
  | { readonly kind: 'one' }
  | { readonly kind: 'expression'; readonly value: CompiledValueExpression }
  /** A header of the response, by its lower-case name. */
  | { readonly kind: 'header'; readonly name: string }

type RateCharacteristic = {
  readonly value: CompiledValueExpression
  /** Counters of one session, and those of one network, live together. */
  readonly home: 'session' | 'network' | null
}

type RateInput<Needs> = Pick<PlanInput<Needs>, 'rulesets' | 'lists' | 'needs'>

/** In the order in which they are asked. */
export function compileRateRules<Needs>(input: RateInput<Needs>): readonly RateRule<Needs>[] {
  return entryPoints(RATE_PHASE, input.rulesets).flatMap((ruleset) =>
    rulesOf(ruleset, { rulesetIds: [], executedBy: [], applies: [] }, input),
  )
}

function rulesOf<Needs>(
  ruleset: RulesetInput,
  around: Place,
  input: RateInput<Needs>,
): readonly RateRule<Needs>[] {
  const rulesetIds = [...around.rulesetIds, ruleset.id]
  return ruleset.rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const applies = [...around.applies, compiled(rule.expression, input.lists)]
      const place = { ...around, rulesetIds, applies }
      if (rule.action !== 'execute') return [compileRule(rule, place, input)]
      const target = executedBy(ruleset, rule.action_parameters?.id, input.rulesets)
      return rulesOf(target, { ...place, executedBy: [...around.executedBy, rule.id] }, input)
    })
}

type Place = Pick<RateRule<never>, 'rulesetIds' | 'executedBy' | 'applies'>

function compileRule<Needs>(
  { id, action, ratelimit }: RuleInput,
  place: Place,
  { lists, needs }: RateInput<Needs>,
): RateRule<Needs> {
  if (ratelimit === undefined) throw new Error(`rule ${id} has no rate limit`)
  const counting = ratelimit.counting_expression
  const counts = counting === undefined || counting === '' ? null : compiled(counting, lists)
  const characteristics = ratelimit.characteristics
    .filter((source) => source !== WHERE_IT_CAME_IN)
    .map((source) => compileCharacteristic(source))
  const cost = costOf(ratelimit)
  const isCountedAfter = cost.kind === 'header' || (counts !== null && usesResponse(counts.uses))
  const asked = [...place.applies, ...(counts === null || isCountedAfter ? [] : [counts])]
  const counted = [
    ...characteristics.map(({ value }) => value),
    ...(cost.kind === 'expression' ? [cost.value] : []),
  ]
  return {
    id,
    ...place,
    terms: termsOf(ratelimit),
    counts,
    isCountedAfter,
    cost,
    characteristics,
    whenMissing: ratelimit.when_missing ?? 'share',
    isApproximate: ratelimit.mode === 'approximate',
    toOriginOnly: ratelimit.requests_to_origin === true,
    isFinal: action === 'block',
    needs: {
      toAsk: asked.map((expression) => needs(expression)),
      toCount: counted.map((expression) => needs(expression)),
    },
  }
}

/** The data centre: here a counter is one everywhere. */
const WHERE_IT_CAME_IN = 'cf.colo.id'

const SESSION = 'cf.portcullis.session.id'
const CLIENT = 'cf.portcullis.session.client'
const NETWORK = 'cf.portcullis.client_network'

/** Characteristics that are counted by something else than their field, and why. */
const COUNTED_BY: { readonly [source: string]: string } = {
  // One subscriber has 2^64 addresses of IPv6.
  'ip.src': NETWORK,
  // Cloudflare's guess at who is behind an address.
  'cf.unique_visitor_id': CLIENT,
}

const HOMES: { readonly [source: string]: RateCharacteristic['home'] } = {
  [SESSION]: 'session',
  [CLIENT]: 'session',
  [NETWORK]: 'network',
}

const COUNTED_TYPES = ['Bytes', 'Int', 'Ip', 'Bool', 'Array<Bytes>'] as const

function compileCharacteristic(written: string): RateCharacteristic {
  const source = COUNTED_BY[written] ?? written
  return { value: spelled(compileValue(source, COUNTED_TYPES)), home: HOMES[source] ?? null }
}

/** Each spelling of a value would have a counter of its own. */
function spelled(value: CompiledValueExpression): CompiledValueExpression {
  const spellings = value.uses.flatMap(({ field, key }) => spellingOf(field, key) ?? [])
  if (spellings.length === 0) return value
  return {
    ...value,
    evaluate(source) {
      const found = value.evaluate(source)
      return found === undefined
        ? undefined
        : spellings.reduce((spelt, spelling) => oneSpelling(spelt, spelling), found)
    },
  }
}

function costOf({ score_response_header_name: header, score_expression }: RateLimit): RateCost {
  if (header !== undefined) return { kind: 'header', name: header.toLowerCase() }
  if (score_expression === undefined) return { kind: 'one' }
  return { kind: 'expression', value: compileValue(score_expression, ['Int']) }
}

/** @throws when it does not compile; it was checked when it was written. */
function compileValue(
  source: string,
  types: Parameters<typeof compileValueExpression>[1]['types'],
): CompiledValueExpression {
  const result = compileValueExpression(source, { types })
  if (result.ok) return result.value
  throw new Error(`value does not compile: ${source}: ${result.error.message}`)
}

function termsOf(limit: RateLimit): Terms {
  return {
    limit: limit.requests_per_period ?? limit.score_per_period ?? 1,
    periodMs: limit.period * 1_000,
    timeoutMs: (limit.mitigation_timeout ?? 0) * 1_000,
  }
}
