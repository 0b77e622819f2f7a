/** Bounds the request target and brings path and host into the one form that operations are written in. */
import { hostWithoutPort, normalizePath } from '#engines/paths'
import { INSPECTION_LIMITS } from '#engines/request-fields'
import type { Exchange } from './exchange.ts'
import { GO_ON, type Outcome } from './stage.ts'

export function normalise(exchange: Exchange): Outcome {
  const characters = exchange.rawPath.length + exchange.query.length
  if (characters > INSPECTION_LIMITS.urlCharactersMax) {
    return { kind: 'rejected', rejection: { kind: 'url_too_long', characters } }
  }
  exchange.path = normalizePath(exchange.rawPath)
  exchange.hostname = hostWithoutPort(exchange.host)
  return GO_ON
}
