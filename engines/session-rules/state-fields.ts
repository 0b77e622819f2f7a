/** The fields that are known once sessions and counters were asked: verdicts for the rules, and what the session did before. */
import { fieldIndex, type Value } from '#engines/expressions'
import { RATE_EXCEEDED, SEQUENCE_BROKEN } from '#engines/rulesets'
import type { SessionView } from '#engines/session-memory'
import type { EventOfRequest } from './event.ts'
import type { Visited } from './findings.ts'

type Asked = Visited & {
  readonly asked: EventOfRequest
  readonly isFallthrough: boolean
}

/** By field index. */
export function sessionStateFields({
  asked,
  limits,
  view,
  isFallthrough,
}: Asked): ReadonlyMap<number, Value> {
  const exceeded = limits.filter(({ isRefused }) => isRefused).map(({ rule }) => rule.id)
  const broken = (view?.violations ?? []).map(({ ruleId }) => ruleId)
  return new Map<number, Value>([
    [INDEXES.rate, verdicts(exceeded)],
    [INDEXES.sequence, verdicts([...asked.brokenRuleIds, ...broken])],
    ...(isFallthrough ? [[INDEXES.current, ''] as const] : []),
    ...(view === null ? [] : historyOf(view, asked.event?.operation ?? '')),
  ])
}

const INDEXES = {
  rate: fieldIndex(RATE_EXCEEDED),
  sequence: fieldIndex(SEQUENCE_BROKEN),
  current: fieldIndex('cf.sequence.current_op'),
  previous: fieldIndex('cf.sequence.previous_ops'),
  msecSince: fieldIndex('cf.sequence.msec_since_op'),
  distinct: fieldIndex('cf.portcullis.session.distinct'),
  repeats: fieldIndex('cf.portcullis.session.repeats'),
} as const

function verdicts(ruleIds: readonly string[]): ReadonlyMap<string, boolean> {
  return new Map(ruleIds.map((id) => [id, true]))
}

function historyOf(view: SessionView, operation: string): readonly (readonly [number, Value])[] {
  const msecSince = Object.entries(view.msecSince).map(([id, ms]) => [shortId(id), ms] as const)
  return [
    [INDEXES.current, shortId(operation)],
    [INDEXES.previous, view.previous.map(shortId)],
    [INDEXES.msecSince, new Map(msecSince)],
    [INDEXES.distinct, new Map(Object.entries(view.distinct))],
    [INDEXES.repeats, view.repeats],
  ]
}

/** Rules write operations by the first 8 digits of their ids. */
function shortId(operationId: string): string {
  return operationId.slice(0, 8)
}
