/** What the client got according to the recording, or would have got from the shield. */
import type { Rule } from '#engines/rulesets'
import type { Answer, SessionFindings } from '#engines/session-rules'
import type { RecordedRequest } from '#engines/traffic'

/** `afterMs`: from the request until its answer. */
export type TimedAnswer = Answer & { readonly afterMs: number }

/** A recording that says more is not believed: what is to be settled is held until then. */
const ANSWER_MS_MAX = 10 * 60 * 1000

export function recordedAnswer({
  status,
  response_headers = {},
  origin_ms = 0,
}: RecordedRequest): TimedAnswer {
  const headers = new Map(Object.entries(response_headers))
  const afterMs = Math.min(Math.floor(origin_ms), ANSWER_MS_MAX)
  // Of an origin that does not answer the shield says so.
  return status === 0
    ? { status: 502, headers, isOfOrigin: false, isRefused: false, afterMs }
    : { status, headers, isOfOrigin: true, isRefused: false, afterMs }
}

/** What the shield answers in the place of the origin, at once. */
export function rejectionBy({ id, action }: Rule<unknown>, findings: SessionFindings): TimedAnswer {
  const own = action.kind === 'block' ? action.response : null
  const limit = findings.limits.find(({ rule }) => rule.id === id)
  const isOverQuota = limit !== undefined && limit.quota !== null
  return {
    status: own?.status_code ?? (isOverQuota ? 429 : 403),
    headers: new Map([['content-type', own?.content_type ?? 'application/problem+json']]),
    isOfOrigin: false,
    isRefused: true,
    afterMs: 0,
  }
}
