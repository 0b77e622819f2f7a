/**
 * Judges recorded requests with the engines that judge live ones: the same plan of rules, the same walk, the same readers
 * of fields and validators, the same counting and remembering. What only a live request has stays missing
 * (unknown-fields.ts). As in the shield, a request that is refused did not happen, whatever the recording says became of it.
 */
import type { Value } from '#engines/expressions'
import { findServing, hostWithoutPort } from '#engines/paths'
import { createFieldSource, INSPECTION_LIMITS, type RequestFacts } from '#engines/request-fields'
import { type Rule, type Skips, walk } from '#engines/rulesets'
import { isToBeRemembered, settlingOf } from '#engines/session-rules'
import type { RecordedRequest } from '#engines/traffic'
import { recordedAnswer, rejectionBy } from './answer.ts'
import { openDetection } from './detection.ts'
import type { Enforced } from './enforced.ts'
import { type Evidence, evidenceFor } from './evidence.ts'
import { openInquiry } from './inquiry.ts'
import type { ReplayMemory } from './memory.ts'
import { openRecorded } from './request.ts'
import { sessionKeysOf } from './session-keys.ts'

export type Decision =
  | {
      readonly kind: 'walked'
      /** Rules that matched and let the request go on, in order. */
      readonly noted: readonly HeldRule[]
      /** The rule that stopped it; null when it passed. */
      readonly blocked: HeldRule | null
      /** A body was sent that the recording does not have. */
      readonly isBodyUnknown: boolean
      /** The recording does not have the client's address. */
      readonly isClientUnknown: boolean
    }
  /** Refused before any rule, as the shield refuses it. */
  | { readonly kind: 'url_too_long' }

export type HeldRule = { readonly id: string; readonly evidence: Evidence | null }

/** To be asked in the order of time. */
export type Judge = (request: RecordedRequest) => Promise<Decision>

type Around = Pick<RequestFacts, 'sessionIdentifiers'> & {
  readonly enforced: Enforced
  readonly memory: ReplayMemory
  /** Stands in where a recording does not know the host. */
  readonly defaultHost: string
}

export function createJudge({ enforced, memory, defaultHost, sessionIdentifiers }: Around): Judge {
  const { plan, sessionRules: rules, lists, operations } = enforced

  return async function judge(recorded) {
    const request = openRecorded(recorded, defaultHost)
    memory.goOnTo(request.nowMs)
    if (request.rawPath.length + request.query.length > INSPECTION_LIMITS.urlCharactersMax)
      return { kind: 'url_too_long' }
    const hostname = hostWithoutPort(request.host)
    const { method, path } = request
    const match = findServing(operations, { method, host: hostname, path })
    const operationId = match?.operation.operation_id
    const facts = { ...request, hostname, operation: match, sessionIdentifiers }
    const keys = () => sessionKeysOf(facts)
    const detection = openDetection({ request, match, keys })
    const sourceOf = (detected: ReadonlyMap<number, Value>) =>
      createFieldSource(facts, { detected, lists: lists.matchers })
    const source = sourceOf(detection.fields)
    const inquiry = openInquiry({ rules, memory, facts, keys, detection, source })
    const reachedLimits = new Set<string>()
    let skips: Skips | null = null
    const walked = await walk({
      plan,
      request,
      operationId,
      source,
      prepare(rule, skipsSoFar) {
        skips = skipsSoFar
        if (rule.source === 'rateLimit') reachedLimits.add(rule.id)
        detection.fill(rule.needs)
        if (!rule.needs.state || inquiry.isAsked()) return null
        const mayBeExcepted = rule.source === 'firewallCustom'
        return inquiry.ask({ skips, mayBeExcepted }).then(() => READY)
      },
    })
    // What the last rule excepted it from, too.
    skips = walked.skips
    const stop = walked.end === 'blocked' ? walked.rule : null
    // Who passed is remembered where a rule will ask about a later request.
    if (stop === null && operationId !== undefined && isToBeRemembered(rules, operationId))
      await inquiry.ask({ skips, mayBeExcepted: false })
    const findings = inquiry.findings()
    if (findings !== null) {
      const answer = stop === null ? recordedAnswer(recorded) : rejectionBy(stop, findings)
      const sourceWith = (fields: ReadonlyMap<number, Value>) =>
        sourceOf(new Map([...detection.fields, ...fields]))
      const settling = settlingOf(findings, { answer, reachedLimits, sourceWith })
      if (settling !== null) memory.settleAt(request.nowMs + answer.afterMs, settling.settlements)
    }
    const held = (rule: Rule<unknown>): HeldRule => ({
      id: rule.id,
      evidence: evidenceFor(rule, { violations: detection.violations(), inquiry }),
    })
    return {
      kind: 'walked',
      noted: walked.noted.map(held),
      blocked: stop === null ? null : held(stop),
      isBodyUnknown: request.body.kind === 'not_recorded',
      isClientUnknown: request.clientIp === '',
    }
  }
}

const READY = { kind: 'ready' } as const
