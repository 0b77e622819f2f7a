/** An event about the shield itself, and about no request: a guard that could not do its work. */
import type { SecurityEvent } from './events.ts'

type ShieldEvent = {
  readonly id: string
  readonly nowMs: number
  readonly reason: string
  /** One sentence, exact; texts of strangers in it are cut. */
  readonly description: string
}

const DESCRIPTION_CHARACTERS_MAX = 512

export function shieldEvent({ id, nowMs, reason, description }: ShieldEvent): SecurityEvent {
  return {
    id,
    ...NO_REQUEST,
    occurred_at: new Date(nowMs).toISOString(),
    action: 'log',
    source: 'portcullis',
    rule_id: reason,
    rule_description: printable(description),
    ruleset_id: null,
    reason,
    status: null,
  }
}

const NO_REQUEST = {
  ray_id: '',
  method: '',
  host: '',
  path: '',
  client_ip: '',
  user_agent: '',
  operation_id: null,
  endpoint: null,
  client_certificate_fingerprint: null,
  session_id: null,
  findings: [],
  violations: [],
} as const

/** Control characters would be escaped six-fold in JSON, and mean nothing in an event. */
function printable(text: string): string {
  return text.slice(0, DESCRIPTION_CHARACTERS_MAX).replaceAll(/\p{Cc}/gu, '\ufffd')
}
