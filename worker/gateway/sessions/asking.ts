/** A live request as rules about sessions look at it. */
import { createFieldSource } from '#engines/request-fields'
import type { Asking } from '#engines/session-rules'
import { ensure } from '../detect.ts'
import type { Detector } from '../detectors/detector.ts'
import type { Exchange } from '../exchange.ts'
import type { GatewayPorts } from '../stage.ts'
import { clientKeyOf, secretHash, sessionKeyOf } from './keys.ts'

export function askingOf(exchange: Exchange, ports: GatewayPorts): Asking<readonly Detector[]> {
  const { detected, skips, mayBeExcepted, snapshot } = exchange
  return {
    rules: snapshot.rules,
    request: exchange,
    source: createFieldSource(exchange, { detected, lists: snapshot.lists.matchers }),
    skips,
    mayBeExcepted,
    hash: (text) => secretHash(text, ports),
    sessionKey: () => sessionKeyOf(exchange, ports),
    clientKey: () => clientKeyOf(exchange, ports),
    async prepare(needs) {
      let isReady = true
      for (const detector of needs.flat()) {
        const failure = await ensure(detector, exchange, ports)
        if (failure !== null) {
          throw new Error(`the detector ${detector.name} failed: ${failure.cause}`)
        }
        if (exchange.failedOpen.has(detector)) isReady = false
      }
      return isReady
    },
  }
}
