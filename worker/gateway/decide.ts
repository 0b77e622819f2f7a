/**
 * Asks the rules, phase by phase, and rejects at the first block. A detector runs when the first rule that can apply to this
 * request reads a field it fills; so the cost of a request is the cost of what is switched on for it.
 */
import { createFieldSource } from '#engines/request-fields'
import { walk } from '#engines/rulesets'
import { detect } from './detect.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayRule } from './snapshot.ts'
import type { BrokenDetector, GatewayPorts, Outcome } from './stage.ts'

export async function decide(exchange: Exchange, ports: GatewayPorts): Promise<Outcome> {
  const broken: BrokenDetector[] = []
  const walked = await walk({
    plan: exchange.snapshot.plan,
    request: exchange,
    operationId: exchange.operation?.operation.operation_id,
    source: createFieldSource(exchange, {
      detected: exchange.detected,
      lists: exchange.snapshot.lists.matchers,
    }),
    prepare: (rule) => (isPrepared(rule, exchange) ? null : prepare(rule)),
  })
  const { noted } = walked
  switch (walked.end) {
    case 'passed':
      return { kind: 'go_on', noted, broken }
    case 'blocked':
      return { kind: 'rejected', rejection: { kind: 'rule', rule: walked.rule }, noted, broken }
    case 'failed': {
      const rejection = { kind: 'detector_failed', ...walked.failure } as const
      return { kind: 'rejected', rejection, noted, broken }
    }
  }

  /** Runs what the rule needs; answers the first failure that is not set to let requests pass. */
  async function prepare(rule: GatewayRule): Promise<BrokenDetector | null> {
    for (const detector of rule.needs) {
      if (exchange.ran.has(detector)) continue
      const failure = await detect(detector, exchange, ports)
      if (failure === null) continue
      if (!ports.failOpen.has(detector.name)) return failure
      broken.push(failure)
    }
    return null
  }
}

function isPrepared({ needs }: GatewayRule, { ran }: Exchange): boolean {
  for (const detector of needs) if (!ran.has(detector)) return false
  return true
}
