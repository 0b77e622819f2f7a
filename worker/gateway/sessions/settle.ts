/**
 * After the answer: what only the answer tells is counted, what did not take place is given back and withdrawn from the session's
 * memory. The client waits where a limit counts answers and where something is withdrawn, so that one who asks one by one cannot
 * be faster; it does not wait for what is given back.
 */
import { createFieldSource } from '#engines/request-fields'
import { type Answer, type Settling, settlingOf } from '#engines/session-rules'
import type { Exchange } from '../exchange.ts'
import type { GatewayPorts } from '../stage.ts'

/** Null when there is nothing to settle, as with nearly every request. */
export function settlingAfter(exchange: Exchange, answer: Answer): Settling | null {
  const { sessions, detected, reachedLimits, snapshot } = exchange
  if (sessions === null) return null
  return settlingOf(sessions, {
    answer,
    reachedLimits,
    sourceWith: (fields) =>
      createFieldSource(exchange, {
        detected: new Map([...detected, ...fields]),
        lists: snapshot.lists.matchers,
      }),
  })
}

export async function settle(
  { settlements }: Settling,
  { sessions }: Pick<GatewayPorts, 'sessions'>,
): Promise<void> {
  await Promise.all(settlements.map((settlement) => sessions.settle(settlement)))
}
