/** Finds the one operation that the request calls. None is a fallthrough, which is a fact and not yet a verdict. */
import type { Exchange } from './exchange.ts'
import { GO_ON, type Outcome } from './stage.ts'

export function identify(exchange: Exchange): Outcome {
  exchange.operation = exchange.snapshot.operations.match({
    method: exchange.method,
    host: exchange.hostname,
    path: exchange.path,
  })
  return GO_ON
}
