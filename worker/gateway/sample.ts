/** Measures a few of the GraphQL requests that no rule asked about, so that limits can be recommended before there is a rule. */
import { ensure } from './detect.ts'
import { graphql } from './detectors/graphql.ts'
import type { Exchange } from './exchange.ts'
import { GATEWAY_LIMITS } from './limits.ts'
import { type GatewayPorts, GO_ON, type Outcome } from './stage.ts'

/** Only where an operator said that GraphQL is spoken: other bodies stream through untouched. */
export async function sample(exchange: Exchange, ports: GatewayPorts): Promise<Outcome> {
  const { graphql: protection } = exchange.snapshot
  if (protection.settings.endpoints.length === 0 || exchange.ran.has(graphql)) return GO_ON
  const { hostname: host, path } = exchange
  if (protection.place({ host, path }) === null) return GO_ON
  if (!ports.isSampled(GATEWAY_LIMITS.graphqlSampledOneIn)) return GO_ON
  // A failure is logged, and stops nobody: no rule waits for the answer.
  await ensure(graphql, exchange, ports)
  return GO_ON
}
