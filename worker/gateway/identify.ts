/** Finds the one operation that the request calls. None is a fallthrough, which is a fact and not yet a verdict. */
import { findServing } from '#engines/paths'
import type { Exchange } from './exchange.ts'
import { GO_ON, type Outcome } from './stage.ts'

export function identify(exchange: Exchange): Outcome {
  const { snapshot, method, hostname: host, path } = exchange
  exchange.operation = findServing(snapshot.operations, { method, host, path })
  return GO_ON
}
