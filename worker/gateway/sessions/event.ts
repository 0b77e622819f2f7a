/** A request as the memory of its session is told of it: the operation, the steps that it can be, and hashes of its values. */
import { createFieldSource, pathVariablesOf } from '#engines/request-fields'
import type { SessionVisit } from '../../storage/session-visit.ts'
import { ensure } from '../detect.ts'
import type { Exchange } from '../exchange.ts'
import type { GatewayPorts } from '../stage.ts'
import { clientKeyOf, sessionKeyOf } from './keys.ts'
import type { ConcernedPattern, ConcernedRules } from './sequence-rules.ts'

export type SessionEventOf = NonNullable<SessionVisit['event']>

export type EventOfRequest = {
  /** Null when nothing is to be remembered of the request. */
  readonly event: SessionEventOf | null
  /** Rules that stop requests without a session, and this one has none. */
  readonly brokenRuleIds: readonly string[]
  /** Patterns whose steps before the last count once the API has answered. */
  readonly unanswered: SessionEventOf['patterns']
}

const NOTHING: EventOfRequest = { event: null, brokenRuleIds: [], unanswered: [] }

/** @throws when a detector fails that a rule needs. */
export async function eventOf(exchange: Exchange, ports: GatewayPorts): Promise<EventOfRequest> {
  const { operation, snapshot } = exchange
  if (operation === null) return NOTHING
  const id = operation.operation.operation_id
  const { sequences, historyReads } = snapshot.rules
  const rules = sequences.concerning(id)
  if (rules === null && historyReads.size === 0) return NOTHING
  const session = await sessionKeyOf(exchange, ports)
  const brokenRuleIds = session === null ? brokenWithoutSession(rules) : []
  const patterns = (rules?.patterns ?? []).filter(
    ({ content }) => session !== null || content.without_session === 'client',
  )
  if (session === null && patterns.length === 0) return { ...NOTHING, brokenRuleIds }
  const key = session ?? (await clientKeyOf(exchange, ports))
  if (key === null) return { ...NOTHING, brokenRuleIds: [...brokenRuleIds, ...finalIds(patterns)] }
  for (const detector of rules?.needs ?? []) {
    const failure = await ensure(detector, exchange, ports)
    if (failure !== null) throw new Error(`the detector ${detector.name} failed: ${failure.cause}`)
  }
  const inputs = await Promise.all(patterns.map((each) => inputOf(each, exchange, ports)))
  const event: SessionEventOf = {
    session: key,
    operation: id,
    twoSteps: session === null ? [] : twoStepsOf(rules, exchange),
    patterns: inputs.map(({ asked }) => asked),
    isLasting: rules?.isLasting ?? false,
    variables: historyReads.has(DISTINCT) ? await variablesOf(exchange, ports) : null,
    request: historyReads.has(REPEATS) ? await requestOf(exchange, ports) : null,
  }
  const unanswered = inputs.flatMap(({ later }) => (later === null ? [] : [later]))
  return { event, brokenRuleIds, unanswered }
}

function twoStepsOf(rules: ConcernedRules | null, exchange: Exchange): SessionEventOf['twoSteps'] {
  return (rules?.twoSteps ?? []).map(({ id, kind, start, end, isFinal }) => {
    return { id, kind, start, end, isFinal: isFinal && !isExcepted(id, exchange) }
  })
}

const DISTINCT = 'cf.portcullis.session.distinct'
const REPEATS = 'cf.portcullis.session.repeats'

function brokenWithoutSession(rules: ConcernedRules | null): readonly string[] {
  const strict = (rules?.patterns ?? []).filter(
    ({ content }) => content.without_session === 'block',
  )
  return finalIds(strict)
}

/** Of those that the request takes the last step of. */
function finalIds(patterns: readonly ConcernedPattern[]): readonly string[] {
  return patterns
    .filter(({ pattern, moves }) => moves.some(({ step }) => step === pattern.steps.length - 1))
    .map(({ pattern }) => pattern.id)
}

type PatternInput = SessionEventOf['patterns'][number]

type Inputs = {
  readonly asked: PatternInput
  readonly later: PatternInput | null
}

async function inputOf(
  { content, pattern, moves, breaks }: ConcernedPattern,
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<Inputs> {
  const taken = await Promise.all(
    moves.map(async ({ step, bindings }) => {
      const values = await Promise.all(
        bindings.map(
          async ({ name, value }) => [name, await valueOf(value, exchange, ports)] as const,
        ),
      )
      return { step, values: Object.fromEntries(values) }
    }),
  )
  const isFinal = content.action === 'block' && !isExcepted(pattern.id, exchange)
  if (content.counts === 'requested') {
    return { asked: { pattern, moves: taken, breaks, isFinal }, later: null }
  }
  const last = pattern.steps.length - 1
  const before = taken.filter(({ step }) => step < last)
  return {
    asked: { pattern, moves: taken.filter(({ step }) => step === last), breaks, isFinal },
    later: before.length === 0 ? null : { pattern, moves: before, breaks: [], isFinal },
  }
}

/** From being stopped by the rule; or that may be yet, and then a refusal withdraws what is remembered. */
function isExcepted(ruleId: string, { skips, mayBeExcepted }: Exchange): boolean {
  if (skips === null || mayBeExcepted) return mayBeExcepted
  return skips.phases.has('sequence_mitigation') || skips.ruleIds.has(ruleId)
}

type Bound = ConcernedPattern['moves'][number]['bindings'][number]['value']

/** Empty when the request has no such value: then it equals none. */
async function valueOf(value: Bound, exchange: Exchange, ports: GatewayPorts): Promise<string> {
  const source = createFieldSource(exchange, {
    detected: exchange.detected,
    lists: exchange.snapshot.lists.matchers,
  })
  const found = value.evaluate(source)
  if (typeof found !== 'string' && typeof found !== 'number') return ''
  return hashed('value', String(found), ports)
}

async function variablesOf(
  { operation }: Exchange,
  ports: GatewayPorts,
): Promise<{ readonly [name: string]: string }> {
  const variables = operation === null ? [] : [...pathVariablesOf(operation)]
  const entries = await Promise.all(
    variables.map(async ([name, value]) => [name, await hashed('value', value, ports)] as const),
  )
  return Object.fromEntries(entries)
}

function requestOf(
  { method, hostname, path, query }: Exchange,
  ports: GatewayPorts,
): Promise<string> {
  return hashed('request', JSON.stringify([method, hostname, path, query]), ports)
}

async function hashed(name: string, value: string, { keyedHash }: GatewayPorts): Promise<string> {
  const hash = await keyedHash({ type: 'sequence', name, value })
  if (hash === null) throw new Error('SEALING_SECRET is not set, so that nothing can be remembered')
  return hash
}
