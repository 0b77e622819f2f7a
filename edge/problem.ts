/**
 * What the edge answers by itself, before or instead of the Worker: RFC 9457 problem details, never an
 * empty body and never a reason that helps an attacker.
 */

/** The closed list of what the edge itself refuses or fails at. */
export type EdgeProblem =
  | 'malformed_request'
  | 'invalid_host'
  | 'invalid_target'
  | 'target_too_long'
  | 'headers_too_large'
  | 'request_timeout'
  | 'not_open_yet'
  | 'worker_unreachable'

/** `ray` is null when the request never got far enough to have one. */
export type ProblemAnswer = {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
}

const problems: Readonly<
  Record<EdgeProblem, { readonly status: number; readonly title: string; readonly detail: string }>
> = {
  malformed_request: {
    status: 400,
    title: 'Bad Request',
    detail: 'The request is not valid HTTP/1.1.',
  },
  invalid_host: {
    status: 400,
    title: 'Bad Request',
    detail: 'The request needs exactly one valid Host header.',
  },
  invalid_target: {
    status: 400,
    title: 'Bad Request',
    detail: 'The request target is not a path of this host.',
  },
  target_too_long: {
    status: 414,
    title: 'URI Too Long',
    detail: 'The request target is too long.',
  },
  headers_too_large: {
    status: 431,
    title: 'Request Header Fields Too Large',
    detail: 'The request headers are too large or too many.',
  },
  request_timeout: {
    status: 408,
    title: 'Request Timeout',
    detail: 'The request did not arrive in time.',
  },
  not_open_yet: {
    status: 503,
    title: 'Service Unavailable',
    detail: 'The service is starting.',
  },
  worker_unreachable: {
    status: 502,
    title: 'Bad Gateway',
    detail: 'The request could not be processed.',
  },
}

/** The status, the headers as a flat list of names and values, and the body of one refusal. */
export function renderProblem(problem: EdgeProblem, ray: string | null): ProblemAnswer {
  const { status, title, detail } = problems[problem]
  const body = `${JSON.stringify({ type: 'about:blank', title, status, detail, ...(ray === null ? {} : { instance: ray }) })}\n`
  const headers = [
    'Content-Type',
    'application/problem+json',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Cache-Control',
    'no-store',
    ...(ray === null ? [] : ['CF-Ray', ray]),
  ]
  return { status, headers, body }
}

/** The same answer as bytes for a socket that has no response object; the connection ends with it. */
export function renderProblemOnWire(problem: EdgeProblem, ray: string | null): string {
  const { status, headers, body } = renderProblem(problem, ray)
  return `HTTP/1.1 ${status} ${problems[problem].title}\r\n${renderHeaderLines([...headers, 'Connection', 'close'])}\r\n${body}`
}

/** A flat list of names and values as header lines, each with its line end. */
export function renderHeaderLines(flat: readonly string[]): string {
  let lines = ''
  for (let index = 0; index + 1 < flat.length; index += 2)
    lines += `${flat[index]}: ${flat[index + 1]}\r\n`
  return lines
}
