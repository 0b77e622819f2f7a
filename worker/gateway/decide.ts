/**
 * Walks the rules in their order and stops at the first block. A detector runs when the first rule that can apply to this
 * request reads a field it fills; so the cost of a request is the cost of what is switched on for it.
 */
import { detect } from './detect.ts'
import type { Exchange } from './exchange.ts'
import { fieldSourceOf } from './fields/field-source.ts'
import type { CompiledRule } from './rule.ts'
import type { BrokenDetector, GatewayPorts, Outcome } from './stage.ts'

export async function decide(exchange: Exchange, ports: GatewayPorts): Promise<Outcome> {
  const source = fieldSourceOf(exchange)
  const operationId = exchange.operation?.operation.operation_id
  const logged: CompiledRule[] = []
  const broken: BrokenDetector[] = []
  for (const rule of exchange.snapshot.rules) {
    if (rule.operationIds !== null && !applies(rule.operationIds, operationId)) continue
    for (const detector of rule.detectors) {
      if (exchange.ran.has(detector)) continue
      const failure = await detect(detector, exchange, ports)
      if (failure === null) continue
      if (!ports.failOpen.has(detector.name)) {
        const rejection = { kind: 'detector_failed', ...failure } as const
        return { kind: 'rejected', rejection, logged, broken }
      }
      broken.push(failure)
    }
    if (!rule.expression.evaluate(source)) continue
    if (rule.action === 'block') {
      const rejection = { kind: 'rule', rule, response: rule.response } as const
      return { kind: 'rejected', rejection, logged, broken }
    }
    logged.push(rule)
  }
  return { kind: 'go_on', logged, broken }
}

function applies(operationIds: ReadonlySet<string>, operationId: string | undefined): boolean {
  return operationId !== undefined && operationIds.has(operationId)
}
