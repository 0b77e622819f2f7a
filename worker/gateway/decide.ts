/**
 * Asks the rules, phase by phase, and rejects at the first block. A detector runs when the first rule that can apply to this
 * request reads a field it fills; so the cost of a request is the cost of what is switched on for it.
 */
import { createFieldSource } from '#engines/request-fields'
import { type Preparation, walk } from '#engines/rulesets'
import { ensure } from './detect.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayRule } from './rules.ts'
import {
  type DetectorFailure,
  type GatewayPorts,
  GO_ON,
  type Outcome,
  type Rejection,
} from './stage.ts'

export async function decide(exchange: Exchange, ports: GatewayPorts): Promise<Outcome> {
  const walked = await walk({
    plan: exchange.snapshot.rules.plan,
    request: exchange,
    operationId: exchange.operation?.operation.operation_id,
    source: createFieldSource(exchange, {
      detected: exchange.detected,
      lists: exchange.snapshot.lists.matchers,
    }),
    prepare(rule, skips) {
      exchange.skips = skips
      exchange.mayBeExcepted = rule.source === 'firewallCustom'
      if (rule.source === 'rateLimit') exchange.reachedLimits.add(rule.id)
      return isPrepared(rule, exchange) ? null : prepare(rule)
    },
  })
  exchange.noted = walked.noted
  exchange.skips = walked.skips
  exchange.mayBeExcepted = false
  switch (walked.end) {
    case 'passed':
      return GO_ON
    case 'blocked':
      return { kind: 'rejected', rejection: rejectionBy(walked.rule, exchange) }
    case 'failed':
      return { kind: 'rejected', rejection: { kind: 'detector_failed', ...walked.failure } }
  }

  async function prepare({ needs }: GatewayRule): Promise<Preparation<DetectorFailure>> {
    for (const detector of needs) {
      const failure = await ensure(detector, exchange, ports)
      if (failure !== null) return { kind: 'failed', failure }
      // What it would have said is not known, and "not verified" must not be read from that.
      if (exchange.failedOpen.has(detector)) return { kind: 'pass_over' }
    }
    return { kind: 'ready' }
  }
}

function rejectionBy(rule: GatewayRule, { sessions }: Exchange): Rejection {
  const limit = sessions?.limits.find((asked) => asked.rule.id === rule.id)
  const quota = limit?.quota ?? null
  return quota === null ? { kind: 'rule', rule } : { kind: 'rate_limited', rule, quota }
}

function isPrepared({ needs }: GatewayRule, { ran, failedOpen }: Exchange): boolean {
  for (const detector of needs) if (!ran.has(detector) || failedOpen.has(detector)) return false
  return true
}
