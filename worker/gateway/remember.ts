/**
 * Tells a session's memory of a request that no rule asked about, because a later request may be judged by it: the balance that
 * was looked at, before anybody transfers anything.
 */
import { ensure } from './detect.ts'
import type { Exchange } from './exchange.ts'
import { type GatewayPorts, GO_ON, type Outcome } from './stage.ts'

export async function remember(exchange: Exchange, ports: GatewayPorts): Promise<Outcome> {
  const { operation, snapshot } = exchange
  if (operation === null) return GO_ON
  const { historyReads, sequences, sessionDetectors } = snapshot.rules
  const isConcerned =
    historyReads.size > 0 || sequences.concerning(operation.operation.operation_id) !== null
  if (!isConcerned) return GO_ON
  for (const detector of sessionDetectors) {
    const failure = await ensure(detector, exchange, ports)
    if (failure !== null) {
      return { kind: 'rejected', rejection: { kind: 'detector_failed', ...failure } }
    }
    if (exchange.failedOpen.has(detector)) return GO_ON
  }
  return GO_ON
}
