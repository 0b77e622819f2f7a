/**
 * What is remembered of one session, by the id that events have of it, and how to make it forgotten: a client that was blocked
 * for nothing goes on at once where the object decides, and within five seconds where an isolate remembers its block.
 */
import { distinctCount } from '#engines/sketches'
import { ok } from '#engines/result'
import type { SessionReport } from '../../storage/session-report.ts'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'

/** A keyed hash: of a session's identifier, or of a client's network. */
const SESSION_ID = /^[0-9a-f]{32}$/

export async function getSession({ ports, param }: Call): Promise<Outcome> {
  const id = param('session_id')
  if (!SESSION_ID.test(id)) return problem('not_found')
  const report = await ports.sessions.report(id)
  if (report.memory === null && report.meters.length === 0) return problem('not_found')
  return ok({ result: { session_id: id, ...described(report, ports.nowMs()) } })
}

export async function forgetSession({ ports, param }: Call): Promise<Outcome> {
  const id = param('session_id')
  if (!SESSION_ID.test(id)) return problem('not_found')
  await ports.sessions.forget(id)
  return ok({ result: { session_id: id } })
}

function described({ memory, meters }: SessionReport, nowMs: number): object {
  return {
    requests: memory?.history?.number ?? 0,
    recent_operations: (memory?.history?.recent ?? []).map(({ operation, atMs }) => ({
      operation_id: operation,
      at: isoTime(atMs),
    })),
    distinct_values: Object.entries(memory?.distinct ?? {}).map(([key, { values, sinceMs }]) => {
      const [operation_id = '', variable = ''] = key.split('/')
      return { operation_id, variable, count: distinctCount(values), since: isoTime(sinceMs) }
    }),
    sequence_rules: Object.keys(memory?.sequences ?? {}),
    rate_limits: meters.map(({ meter, terms, marks, blockedUntilMs }) => ({
      rule_id: meter.split(':')[1] ?? '',
      used: marks
        .filter(({ atMs }) => atMs > nowMs - terms.periodMs)
        .reduce((sum, { count }) => sum + count, 0),
      limit: terms.limit,
      period_seconds: terms.periodMs / 1_000,
      blocked_until: blockedUntilMs > nowMs ? isoTime(blockedUntilMs) : null,
    })),
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
