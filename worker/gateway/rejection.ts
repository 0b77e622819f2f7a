/**
 * What the client is told when the shield answers: RFC 9457 problem details, vague on purpose. Which rule, which field and
 * why stand in the security event under the same ray id (observation.ts).
 */
import type { BlockResponse } from '#engines/rulesets'
import type { Rejection } from './stage.ts'

type Wording = { readonly status: number; readonly title: string; readonly detail: string }

const WORDINGS: { readonly [K in Rejection['kind']]: Wording } = {
  rule: { status: 403, title: 'Forbidden', detail: 'The request was not allowed.' },
  rate_limited: {
    status: 429,
    title: 'Too Many Requests',
    detail: 'The request was one too many. Try again later.',
  },
  url_too_long: { status: 414, title: 'URI Too Long', detail: 'The request target is too long.' },
  unexpected_body: {
    status: 400,
    title: 'Bad Request',
    detail: 'A request with this method has no body.',
  },
  detector_failed: {
    status: 503,
    title: 'Service Unavailable',
    detail: 'The request could not be checked.',
  },
  origin_unreachable: {
    status: 502,
    title: 'Bad Gateway',
    detail: 'The API did not answer.',
  },
  configuration_unavailable: {
    status: 503,
    title: 'Service Unavailable',
    detail: 'The request could not be checked.',
  },
  internal_error: {
    status: 500,
    title: 'Internal Server Error',
    detail: 'The request could not be handled.',
  },
}

export function statusOf(rejection: Rejection): number {
  return ownResponse(rejection)?.status_code ?? WORDINGS[rejection.kind].status
}

export function reject(rejection: Rejection, rayId: string): Response {
  const own = ownResponse(rejection)
  if (own !== null) {
    const { status_code, content, content_type } = own
    return new Response(content, {
      status: status_code,
      headers: {
        'content-type': content_type,
        'cache-control': 'no-store',
        ...quotaHeaders(rejection, status_code),
      },
    })
  }
  const { status, title, detail } = WORDINGS[rejection.kind]
  return problem({ status, title, detail, instance: rayId }, quotaHeaders(rejection, status))
}

/** What the rule itself wants the client to get. */
function ownResponse(rejection: Rejection): BlockResponse | null {
  if (rejection.kind !== 'rule' && rejection.kind !== 'rate_limited') return null
  if (rejection.rule.action.kind !== 'block') return null
  return rejection.rule.action.response
}

type QuotaHeaders = { readonly [name: string]: string }

/**
 * Retry-After (RFC 9110 §10.2.3) and what draft-ietf-httpapi-ratelimit-headers says of a limit. Only with a 429: a rule that
 * answers anything else does not want the client to know that there is a limit.
 */
function quotaHeaders(rejection: Rejection, status: number): QuotaHeaders {
  if (rejection.kind !== 'rate_limited' || status !== 429) return {}
  const { limit, periodSeconds, retryAfterMs } = rejection.quota
  const seconds = Math.ceil(retryAfterMs / 1_000)
  return {
    'retry-after': `${seconds}`,
    'ratelimit-policy': `"limit";q=${limit};w=${periodSeconds}`,
    ratelimit: `"limit";r=0;t=${seconds}`,
  }
}

function problem(
  members: Wording & { readonly instance: string },
  headers: QuotaHeaders,
): Response {
  return new Response(JSON.stringify({ type: 'about:blank', ...members }), {
    status: members.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...headers,
    },
  })
}
