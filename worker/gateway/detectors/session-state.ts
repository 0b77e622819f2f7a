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
  limitReason,
  SESSION_MISSING,
  sequenceBreaks,
  sessionFindings,
  sessionStateFields,
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
    const visited = await visit({ claims, event: asked.event, nowMs, ports })
    const { limits, view } = visited
    const refused = limits.filter(({ isRefused }) => isRefused)
    return {
      fields: sessionStateFields({ ...visited, asked, isFallthrough: operation === null }),
      findings: [...refused.map(exceeded), ...brokenFindings(asked, view)],
      sessions: sessionFindings(asked, visited),
    }
  },
}

function exceeded({ rule, home, quota }: AskedLimit): Finding {
  return {
    detector: 'session-state',
    reason: limitReason({ quota }),
    detail: {
      rule_id: rule.id,
      ...(quota === null ? {} : { limit: quota.limit, period_seconds: quota.periodSeconds }),
      ...(home === null ? {} : { counted_under: home }),
    },
  }
}

function brokenFindings(asked: EventOfRequest, view: SessionView | null): readonly Finding[] {
  return sequenceBreaks(asked, view).map(({ ruleId: rule_id, reason, missingStep }) => ({
    detector: sessionState.name,
    reason,
    detail: {
      rule_id,
      ...(missingStep === null ? {} : { missing_step: missingStep }),
      ...(asked.event === null || reason === SESSION_MISSING
        ? {}
        : { counted_under: asked.event.session }),
    },
  }))
}
