/** A request as the memory of its session is told of it: the operation, the steps that it can be, and hashes of its values. */
import { pathVariablesOf, type RequestFacts } from '#engines/request-fields'
import type { HashedText } from '#engines/sessions'
import type { Asking, SessionRules } from './asking.ts'
import type { ConcernedPattern, ConcernedRules } from './sequence-rules.ts'
import type { SessionOfVisit } from './visit.ts'

export type EventOfRequest = {
  /** Null when nothing is to be remembered of the request. */
  readonly event: SessionOfVisit | null
  /** Rules that stop requests without a session, and this one has none. */
  readonly brokenRuleIds: readonly string[]
  /** Patterns whose steps before the last count once the API has answered. */
  readonly unanswered: SessionOfVisit['patterns']
}

const NOTHING: EventOfRequest = { event: null, brokenRuleIds: [], unanswered: [] }

/** Whether the memory of sessions is told of the operation even where no rule asks about the request itself. */
export function isToBeRemembered(
  { historyReads, sequences }: SessionRules<unknown>,
  operationId: string,
): boolean {
  return historyReads.size > 0 || sequences.concerning(operationId) !== null
}

/** @throws when something fails that a rule needs. */
export async function eventOf<Needs>(asking: Asking<Needs>): Promise<EventOfRequest> {
  const { request, prepare } = asking
  const { sequences, historyReads } = asking.rules
  if (request.operation === null) return NOTHING
  const id = request.operation.operation.operation_id
  const rules = sequences.concerning(id)
  if (rules === null && historyReads.size === 0) return NOTHING
  const session = await asking.sessionKey()
  const brokenRuleIds = session === null ? brokenWithoutSession(rules) : []
  const patterns = (rules?.patterns ?? []).filter(
    ({ content }) => session !== null || content.without_session === 'client',
  )
  if (session === null && patterns.length === 0) return { ...NOTHING, brokenRuleIds }
  const key = session ?? (await asking.clientKey())
  if (key === null) return { ...NOTHING, brokenRuleIds: [...brokenRuleIds, ...finalIds(patterns)] }
  // What could not be found out is missing, which is no way around a rule.
  if (rules !== null) await prepare(rules.needs)
  const inputs = await Promise.all(patterns.map((each) => inputOf(each, asking)))
  const event: SessionOfVisit = {
    session: key,
    operation: id,
    twoSteps: session === null ? [] : twoStepsOf(rules, asking),
    patterns: inputs.map(({ asked }) => asked),
    isLasting: rules?.isLasting ?? false,
    variables: historyReads.has(DISTINCT) ? await variablesOf(request.operation, asking) : null,
    request: historyReads.has(REPEATS) ? await requestOf(asking) : null,
  }
  const unanswered = inputs.flatMap(({ later }) => (later === null ? [] : [later]))
  return { event, brokenRuleIds, unanswered }
}

type Reading = Pick<Asking<unknown>, 'request' | 'source' | 'skips' | 'mayBeExcepted' | 'hash'>

function twoStepsOf(
  rules: ConcernedRules<unknown> | null,
  reading: Reading,
): SessionOfVisit['twoSteps'] {
  return (rules?.twoSteps ?? []).map(({ id, kind, start, end, isFinal }) => {
    return { id, kind, start, end, isFinal: isFinal && !isExcepted(id, reading) }
  })
}

const DISTINCT = 'cf.portcullis.session.distinct'
const REPEATS = 'cf.portcullis.session.repeats'

function brokenWithoutSession(rules: ConcernedRules<unknown> | null): readonly string[] {
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

type PatternInput = SessionOfVisit['patterns'][number]

type Inputs = {
  readonly asked: PatternInput
  readonly later: PatternInput | null
}

async function inputOf(
  { content, pattern, moves, breaks }: ConcernedPattern,
  reading: Reading,
): Promise<Inputs> {
  const taken = await Promise.all(
    moves.map(async ({ step, bindings }) => {
      const values = await Promise.all(
        bindings.map(async ({ name, value }) => [name, await valueOf(value, reading)] as const),
      )
      return { step, values: Object.fromEntries(values) }
    }),
  )
  const isFinal = content.action === 'block' && !isExcepted(pattern.id, reading)
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
function isExcepted(ruleId: string, { skips, mayBeExcepted }: Reading): boolean {
  if (skips === null || mayBeExcepted) return mayBeExcepted
  return skips.phases.has('sequence_mitigation') || skips.ruleIds.has(ruleId)
}

type Bound = ConcernedPattern['moves'][number]['bindings'][number]['value']

/** Empty when the request has no such value. */
async function valueOf(value: Bound, { source, hash }: Reading): Promise<string> {
  const found = value.evaluate(source)
  if (typeof found !== 'string' && typeof found !== 'number') return ''
  return hash(sequenceText('value', String(found)))
}

async function variablesOf(
  operation: NonNullable<RequestFacts['operation']>,
  { hash }: Reading,
): Promise<{ readonly [name: string]: string }> {
  const entries = await Promise.all(
    Array.from(
      pathVariablesOf(operation),
      async ([name, value]) => [name, await hash(sequenceText('value', value))] as const,
    ),
  )
  return Object.fromEntries(entries)
}

function requestOf({ request, hash }: Reading): Promise<string> {
  const { method, hostname, path, query } = request
  return hash(sequenceText('request', JSON.stringify([method, hostname, path, query])))
}

function sequenceText(name: string, value: string): HashedText {
  return { type: 'sequence', name, value }
}
