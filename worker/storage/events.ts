/**
 * The security event: what the shield decided about one request, exactly. The client is told less (gateway/rejection.ts).
 * Query strings, bodies and credentials are never part of an event.
 */

/** Why a request got an event, beside the rules: the guard itself had something to say. */
export type EventSource =
  | 'firewallCustom'
  | 'rateLimit'
  | 'apiShieldTokenValidation'
  | 'apiShieldSchemaValidation'
  | 'apiShieldSequenceMitigation'
  | 'portcullisGraphql'
  /** The shield could not do its work: store, configuration or detector failed. */
  | 'portcullis'

type FindingDetail = {
  readonly [name: string]: string | number | boolean | readonly string[]
}

/** What a detector saw, in its own closed vocabulary of reasons. */
export type Finding = {
  readonly detector: string
  readonly reason: string
  readonly detail?: FindingDetail
}

/** One way in which a request departs from the schema; vocabulary of Cloudflare's schema validation. */
export type EventViolation = {
  readonly location: string
  readonly target: string
  readonly error_class: string
  readonly error_detail: string
  readonly message: string
}

export type SecurityEvent = {
  readonly id: string
  readonly ray_id: string
  readonly occurred_at: string
  readonly action: 'log' | 'skip' | 'block'
  readonly source: EventSource
  readonly rule_id: string
  readonly rule_description: string
  readonly ruleset_id: string | null
  readonly reason: string
  readonly method: string
  readonly host: string
  readonly path: string
  readonly client_ip: string
  readonly user_agent: string
  readonly operation_id: string | null
  readonly endpoint: string | null
  readonly status: number | null
  readonly client_certificate_fingerprint: string | null
  /** Keyed hash of the session identifier; the identifier itself is never stored. */
  readonly session_id: string | null
  readonly findings: readonly Finding[]
  readonly violations: readonly EventViolation[]
}

export type EventQuery = {
  readonly limit: number
  readonly ray_id?: string
  readonly action?: 'log' | 'skip' | 'block'
  readonly source?: EventSource
}
