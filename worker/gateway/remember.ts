/**
 * Tells a session's memory of a request that no rule asked about, because a later request may be judged by it: the balance that
 * was looked at, before anybody transfers anything.
 */
import { isToBeRemembered } from '#engines/session-rules'
import { ensure } from './detect.ts'
import type { Exchange } from './exchange.ts'
import { type GatewayPorts, GO_ON, type Outcome } from './stage.ts'

export async function remember(exchange: Exchange, ports: GatewayPorts): Promise<Outcome> {
  const { operation, snapshot } = exchange
  if (operation === null) return GO_ON
  if (!isToBeRemembered(snapshot.rules, operation.operation.operation_id)) return GO_ON
  for (const detector of snapshot.rules.sessionDetectors) {
    const failure = await ensure(detector, exchange, ports)
    if (failure !== null) {
      return { kind: 'rejected', rejection: { kind: 'detector_failed', ...failure } }
    }
    if (exchange.failedOpen.has(detector)) return GO_ON
  }
  return GO_ON
}
