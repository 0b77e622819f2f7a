/**
 * What the objects that count and remember know of a request: which limits it exceeds, which sequences it breaks, what its
 * session did before. It is the only detector that changes something: asked once, a request is counted and remembered.
 */
import { fieldIndex, type Value } from '#engines/expressions'
import { SESSION_HISTORY_FIELDS } from '#engines/request-fields'
import { RATE_EXCEEDED, SEQUENCE_BROKEN } from '#engines/rulesets'
import type { SessionView } from '#engines/session-memory'
import type { Finding } from '../../storage/events.ts'
import type { WithdrawnVisit } from '../../storage/session-visit.ts'
import { claimsOf } from '../sessions/claims.ts'
import { type EventOfRequest, eventOf } from '../sessions/event.ts'
import type { AskedLimit } from '../sessions/findings.ts'
import { visit } from '../sessions/visit.ts'
import type { Detector } from './detector.ts'

export const sessionState: Detector = {
  name: 'session-state',
  fills: [RATE_EXCEEDED, SEQUENCE_BROKEN, ...SESSION_HISTORY_FIELDS],
  async run(exchange, ports) {
    const { nowMs } = exchange
    const claims = await claimsOf(exchange, ports)
    const asked = await eventOf(exchange, ports)
    const { limits, view, isRemembered } = await visit({ claims, event: asked.event, nowMs, ports })
    const refused = limits.filter(({ isRefused }) => isRefused)
    const broken = view?.violations ?? []
    const brokenIds = [...asked.brokenRuleIds, ...broken.map(({ ruleId }) => ruleId)]
    return {
      fields: new Map<number, Value>([
        [INDEXES.rate, verdicts(refused.map(({ rule }) => rule.id))],
        [INDEXES.sequence, verdicts(brokenIds)],
        ...(exchange.operation === null ? [[INDEXES.current, ''] as const] : []),
        ...(view === null ? [] : historyOf(view, asked.event?.operation ?? '')),
      ]),
      findings: [...refused.map(exceeded), ...brokenFindings(asked, view)],
      sessions: {
        limits,
        unanswered: unansweredOf(asked, view),
        remembered: isRemembered ? rememberedOf(asked, view) : null,
      },
    }
  },
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

function exceeded({ rule, home, quota }: AskedLimit): Finding {
  return {
    detector: 'session-state',
    reason: quota === null ? 'characteristic_missing' : 'rate_exceeded',
    detail: {
      rule_id: rule.id,
      ...(quota === null ? {} : { limit: quota.limit, period_seconds: quota.periodSeconds }),
      ...(home === null ? {} : { counted_under: home }),
    },
  }
}

function brokenFindings(
  { event, brokenRuleIds }: EventOfRequest,
  view: SessionView | null,
): readonly Finding[] {
  const withoutSession = brokenRuleIds.map((rule_id) => ({
    detector: sessionState.name,
    reason: 'session_missing',
    detail: { rule_id },
  }))
  const broken = (view?.violations ?? []).map(({ ruleId: rule_id, violation }) => ({
    detector: sessionState.name,
    reason: violation === null ? 'sequence_broken' : `sequence_${violation.reason}`,
    detail: {
      rule_id,
      ...(typeof violation?.missingStep === 'number'
        ? { missing_step: violation.missingStep }
        : {}),
      ...(event === null ? {} : { counted_under: event.session }),
    },
  }))
  return [...withoutSession, ...broken]
}

function unansweredOf(
  { event, unanswered }: EventOfRequest,
  view: SessionView | null,
): NonNullable<Awaited<ReturnType<Detector['run']>>['sessions']>['unanswered'] {
  if (event === null || view === null || unanswered.length === 0) return null
  const { session, isLasting } = event
  return { session, number: view.number, patterns: unanswered, isLasting }
}

function rememberedOf({ event }: EventOfRequest, view: SessionView | null): WithdrawnVisit | null {
  if (event === null || view === null) return null
  const { session, operation, patterns } = event
  const required = patterns.filter(({ pattern }) => pattern.kind === 'require')
  return {
    session,
    operation,
    number: view.number,
    required: required.map(({ pattern }) => pattern.id),
  }
}
