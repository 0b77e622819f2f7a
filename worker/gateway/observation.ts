/**
 * What is written down about a request after it was answered: one security event for each rule that matched and for
 * everything that went wrong. A request that nothing objected to leaves no event.
 */
import { INSPECTION_LIMITS, textOf } from '#engines/request-fields'
import type { EventViolation, SecurityEvent } from '../storage/events.ts'
import { printable } from '../storage/printable.ts'
import { shieldEvent } from '../storage/shield-event.ts'
import type { Exchange } from './exchange.ts'
import { GATEWAY_LIMITS } from './limits.ts'
import { statusOf } from './rejection.ts'
import type { GatewayRule } from './rules.ts'
import type { DetectorFailure, Rejection } from './stage.ts'

type Reason = Pick<
  SecurityEvent,
  'action' | 'source' | 'rule_id' | 'rule_description' | 'ruleset_id' | 'reason' | 'status'
>

export function eventsOf(
  exchange: Exchange,
  rejection: Rejection | null,
  id: () => string,
): SecurityEvent[] {
  const reasons = [
    ...exchange.noted.map((rule) => ruleMatched(rule, noteOf(rule), null)),
    ...[...exchange.failedOpen.values()].map(detectorBroken),
    ...(rejection === null ? [] : [rejected(rejection)]),
  ]
  // Nearly every request is this one.
  if (reasons.length === 0) return []
  const common = circumstances(exchange)
  return reasons.map((reason) => Object.assign({ id: id() }, common, reason))
}

function noteOf({ action }: GatewayRule): 'log' | 'skip' {
  return action.kind === 'skip' ? 'skip' : 'log'
}

/** A new configuration was refused; it concerns no request. */
export function configurationRefused(
  cause: unknown,
  versionInForce: number,
  at: { id: string; nowMs: number },
): SecurityEvent {
  const text = cause instanceof Error ? cause.message : String(cause)
  const description = `A new configuration was refused, version ${versionInForce} stays in force: ${text}`
  return shieldEvent({ ...at, reason: 'configuration_refused', description })
}

/** The origin's answer departed from its schema. It went to the client as it was. */
export function responseDeparted(
  exchange: Exchange,
  departure: {
    readonly id: string
    readonly status: number
    readonly violations: readonly EventViolation[]
  },
): SecurityEvent {
  const { id, status, violations } = departure
  return {
    id,
    ...circumstances(exchange),
    violations: boundedViolations(violations),
    action: 'log',
    source: 'apiShieldSchemaValidation',
    rule_id: 'schema-validation-response',
    rule_description: 'The response departs from the uploaded schema of its operation',
    ruleset_id: null,
    reason: 'response_departed',
    status,
  }
}

function ruleMatched(
  rule: GatewayRule,
  action: SecurityEvent['action'],
  status: number | null,
): Reason {
  return {
    action,
    source: rule.source,
    rule_id: rule.id,
    rule_description: rule.description,
    ruleset_id: rule.rulesetId,
    reason: 'rule_matched',
    status,
  }
}

function rejected(rejection: Rejection): Reason {
  const status = statusOf(rejection)
  if (rejection.kind === 'rule' || rejection.kind === 'rate_limited') {
    return ruleMatched(rejection.rule, 'block', status)
  }
  return ofTheShield({
    action: 'block',
    reason: rejection.kind,
    description: described(rejection),
    status,
  })
}

function detectorBroken({ detector, cause }: DetectorFailure): Reason {
  const description = `The detector ${detector} failed and is set to let requests pass: ${cause}`
  return ofTheShield({ action: 'log', reason: 'detector_failed', description, status: null })
}

function described(rejection: Exclude<Rejection, { kind: 'rule' | 'rate_limited' }>): string {
  switch (rejection.kind) {
    case 'url_too_long':
      return `The request target has ${rejection.characters} characters, ${INSPECTION_LIMITS.urlCharactersMax} are allowed`
    case 'unexpected_body':
      return 'A GET or HEAD request has a body, which cannot be passed on'
    case 'detector_failed':
      return `The detector ${rejection.detector} failed: ${rejection.cause}`
    case 'origin_unreachable':
      return `The origin did not answer: ${rejection.cause}`
    case 'configuration_unavailable':
      return `No configuration could be loaded: ${rejection.cause}`
    case 'internal_error':
      return `The stage ${rejection.stage} failed: ${rejection.cause}`
  }
}

type ShieldReason = {
  readonly action: 'log' | 'block'
  readonly reason: string
  readonly description: string
  readonly status: number | null
}

function ofTheShield({ action, reason, description, status }: ShieldReason): Reason {
  const rule_description = bounded(description)
  return {
    action,
    source: 'portcullis',
    rule_id: reason,
    rule_description,
    ruleset_id: null,
    reason,
    status,
  }
}

type Circumstances = Omit<SecurityEvent, keyof Reason | 'id'>

function circumstances(exchange: Exchange): Circumstances {
  const operation = exchange.operation?.operation
  return {
    ray_id: exchange.rayId,
    occurred_at: new Date(exchange.nowMs).toISOString(),
    method: bounded(exchange.method),
    host: bounded(exchange.host),
    path: bounded(exchange.path || exchange.rawPath),
    client_ip: exchange.clientIp,
    user_agent: bounded(exchange.request.headers.get('user-agent') ?? ''),
    operation_id: operation?.operation_id ?? null,
    endpoint: operation?.endpoint ?? null,
    client_certificate_fingerprint: fingerprintOf(exchange),
    session_id: null,
    findings: exchange.findings,
    violations: boundedViolations(exchange.violations),
  }
}

function fingerprintOf({ cf }: Exchange): string | null {
  return textOf(cf['tlsClientAuth'], 'certFingerprintSHA256') || null
}

/** Names and values in them are a stranger's: as many as have room, at least one. */
function boundedViolations(violations: readonly EventViolation[]): readonly EventViolation[] {
  let characters = 0
  return violations
    .map((violation) => ({
      ...violation,
      target: bounded(violation.target),
      message: bounded(violation.message),
    }))
    .filter((violation, position) => {
      characters += JSON.stringify(violation).length
      return position === 0 || characters <= GATEWAY_LIMITS.eventViolationCharactersMax
    })
}

/** Shows whether it was cut. */
function bounded(text: string): string {
  const { eventTextCharactersMax } = GATEWAY_LIMITS
  const kept = printable(text, eventTextCharactersMax)
  return text.length <= eventTextCharactersMax ? kept : `${kept}…`
}
