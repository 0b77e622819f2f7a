/**
 * One request on its way through the gateway. What the runtime gives is read once, as strings; `normalise` and `identify`
 * fill their members; detectors fill `detected`. Nobody else writes to it.
 */
import type { VerifiedCertificate } from '#engines/client-certificate'
import type { Value } from '#engines/expressions'
import type { OperationMatch } from '#engines/paths'
import { canonicalHost, INSPECTION_LIMITS, type RequestFacts } from '#engines/request-fields'
import type { Skips } from '#engines/rulesets'
import type { SessionFindings } from '#engines/session-rules'
import type { TokenVerdict } from '#engines/tokens'
import type { EventViolation, Finding } from '../storage/events.ts'
import type { Operation } from '../storage/resources.ts'
import { type BodyBuffer, createBodyBuffer } from './body.ts'
import type { Detector } from './detectors/detector.ts'
import type { GraphqlObservation } from './graphql-observation.ts'
import type { GatewayRule } from './rules.ts'
import type { Snapshot } from './snapshot.ts'
import type { DetectorFailure } from './stage.ts'

export type Exchange = Omit<RequestFacts, 'path' | 'operation' | 'verifiedCertificate'> & {
  readonly request: Request
  readonly snapshot: Snapshot
  /** Scheme and authority of the request's URL, without a slash at the end. */
  readonly base: string
  readonly body: BodyBuffer
  /** Values that detectors filled, by field index; a field filled with nothing is missing. */
  readonly detected: Map<number, Value>
  readonly findings: Finding[]
  /** Detectors that have run: each runs once at most. */
  readonly ran: Set<Detector>
  /** Detectors that broke and are set to let requests pass. */
  readonly failedOpen: Map<Detector, DetectorFailure>
  /** What was found about the token of each token configuration that was asked; null when the request has none. */
  readonly tokens: Map<string, TokenVerdict | null>
  /** For work that may go on after the answer. */
  readonly later: (work: Promise<unknown>) => void
  /** The client's certificate once the detector has verified it. */
  verifiedCertificate: VerifiedCertificate | null
  /** What it asked for in GraphQL, once it was measured; null when it is not GraphQL. */
  graphql: GraphqlObservation | null
  /** What was counted and remembered of it; null when nobody was asked. */
  sessions: SessionFindings | null
  violations: readonly EventViolation[]
  /** Filled by `decide`: what the rules so far have excepted it from. */
  skips: Skips | null
  /** Filled by `decide`: rules that are asked yet may except it from more. */
  mayBeExcepted: boolean
  /** Filled by `decide`: the rate limits that were asked, by the ids of their rules. */
  readonly reachedLimits: Set<string>
  /** Filled by `decide`: the rules that matched and let the request go on. */
  noted: readonly GatewayRule[]
  /** Filled by `normalise`: the path that is judged, and the one that the origin gets. */
  path: string
  /** Filled by `normalise`: the host without its port, in lower case. */
  hostname: string
  /** Filled by `identify`: `null` is a fallthrough. */
  operation: OperationMatch<Operation> | null
}

type Opening = {
  readonly request: Request
  readonly snapshot: Snapshot
  readonly nowMs: number
  readonly rayId: string
  readonly later: (work: Promise<unknown>) => void
}

export function openExchange({ request, snapshot, nowMs, rayId, later }: Opening): Exchange {
  const { url, headers } = request
  const schemeEnd = url.indexOf('://')
  const authorityStart = schemeEnd + 3
  const targetStart = endOfAuthority(url, authorityStart)
  const queryMark = url.indexOf('?', targetStart)
  const pathEnd = queryMark === -1 ? url.length : queryMark
  return {
    request,
    snapshot,
    nowMs,
    method: request.method,
    scheme: url.slice(0, schemeEnd),
    base: url.slice(0, targetStart),
    host: canonicalHost(headers.get('host') ?? url.slice(authorityStart, targetStart)),
    rawPath: url.slice(targetStart, pathEnd) || '/',
    query: queryMark === -1 ? '' : url.slice(queryMark + 1),
    rayId,
    clientIp: headers.get('cf-connecting-ip') ?? '',
    cf: request.cf ?? {},
    sessionIdentifiers: snapshot.sessionIdentifiers,
    header: (name) => headerOf(headers, name),
    headers: () => headers,
    body: createBodyBuffer(request, INSPECTION_LIMITS.bodyBytesMax),
    detected: new Map(),
    findings: [],
    ran: new Set(),
    failedOpen: new Map(),
    tokens: new Map(),
    later,
    verifiedCertificate: null,
    graphql: null,
    sessions: null,
    violations: [],
    skips: null,
    mayBeExcepted: false,
    reachedLimits: new Set(),
    noted: [],
    path: '',
    hostname: '',
    operation: null,
  }
}

/** An expression may ask for any name; one that no header can have is absent. */
function headerOf(headers: Headers, name: string): string | null {
  try {
    return headers.get(name)
  } catch {
    return null
  }
}

function endOfAuthority(url: string, start: number): number {
  const slash = url.indexOf('/', start)
  const mark = url.indexOf('?', start)
  if (slash === -1) return mark === -1 ? url.length : mark
  return mark === -1 ? slash : Math.min(slash, mark)
}
