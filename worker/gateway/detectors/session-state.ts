/**
 * What the objects that count and remember know of a request: which limits it exceeds, which sequences it breaks, what its
 * session did before. It is the only detector that changes something: asked once, a request is counted and remembered.
 */
import { SESSION_HISTORY_FIELDS } from '#engines/request-fields'
import { RATE_EXCEEDED, SEQUENCE_BROKEN } from '#engines/rulesets'
import type { SessionView } from '#engines/session-memory'
import {
  type AskedLimit,
  claimsOf,
  type EventOfRequest,
  eventOf,
  sessionStateFields,
  unansweredOf,
} from '#engines/session-rules'
import type { Finding } from '../../storage/events.ts'
import { askingOf } from '../sessions/asking.ts'
import { visit } from '../sessions/visit.ts'
import type { Detector } from './detector.ts'

export const sessionState: Detector = {
  name: 'session-state',
  fills: [RATE_EXCEEDED, SEQUENCE_BROKEN, ...SESSION_HISTORY_FIELDS],
  async run(exchange, ports) {
    const asking = askingOf(exchange, ports)
    const claims = await claimsOf(asking)
    const asked = await eventOf(asking)
    const { nowMs, operation } = exchange
    const { limits, view } = await visit({ claims, event: asked.event, nowMs, ports })
    const refused = limits.filter(({ isRefused }) => isRefused)
    return {
      fields: sessionStateFields({ asked, limits, view, isFallthrough: operation === null }),
      findings: [...refused.map(exceeded), ...brokenFindings(asked, view)],
      sessions: { limits, unanswered: unansweredOf(asked, view) },
    }
  },
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
