/** An event about the shield itself, and about no request: a guard that could not do its work. */
import type { SecurityEvent } from './events.ts'
import { printable } from './printable.ts'

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
    rule_description: printable(description, DESCRIPTION_CHARACTERS_MAX),
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
