/**
 * Measures GraphQL requests where the zone speaks GraphQL. Reads the body up to the inspection bound; what cannot be measured
 * is not parsed, by a named reason, and never taken for something small.
 */
import type { GraphqlMeasurement, GraphqlRequest } from '#engines/graphql'
import {
  GRAPHQL_FIELDS,
  graphqlFields,
  graphqlRequestOf,
  isGraphqlRequest,
  type UnparsedReason,
} from '#engines/request-fields'
import type { Exchange } from '../exchange.ts'
import { findingText } from '../finding-text.ts'
import { registration, type Registration } from '../graphql-documents.ts'
import type { GraphqlPlace, GraphqlProtection } from '../graphql-settings.ts'
import type { Detection, Detector } from './detector.ts'

export const graphql: Detector = {
  name: 'graphql',
  fills: GRAPHQL_FIELDS,
  async run(exchange) {
    const protection = exchange.snapshot.graphql
    const place = protection.place({ host: exchange.hostname, path: exchange.path })
    const { endpoints, persisted_queries } = protection.settings
    const isConfigured = endpoints.length > 0 || persisted_queries === 'only'
    if (place === null || !isGraphqlRequest(exchange, isConfigured)) return NOT_GRAPHQL
    const measured = await measure(exchange, protection)
    return measured.reason === null
      ? measuredDetection(measured, place)
      : unparsedDetection(measured, place)
  },
}

const NOT_GRAPHQL: Detection = { fields: graphqlFields({ kind: 'not_graphql' }), findings: [] }

type Measured =
  | {
      readonly reason: null
      readonly measurement: GraphqlMeasurement
      readonly isRegistered: boolean
    }
  | {
      readonly reason: UnparsedReason
      /** Byte of the body, or of the document in a URL. */
      readonly offset: number | null
      readonly isRegistered: boolean
    }

async function measure(exchange: Exchange, protection: GraphqlProtection): Promise<Measured> {
  const body = exchange.method === 'POST' ? await exchange.body.inspect() : NO_BODY
  const request = graphqlRequestOf(exchange, body)
  if (!request.ok) return { reason: request.error, offset: null, isRegistered: false }
  const measurement = protection.measure(request.value)
  const { reason, offset, document_count, batch_size } = measurement
  if (reason !== null) return { reason, offset, isRegistered: false }
  if (protection.settings.persisted_queries === 'off') {
    return document_count === batch_size
      ? { reason: null, measurement, isRegistered: false }
      : { reason: 'query_not_sent', offset: null, isRegistered: false }
  }
  const registered = await registration(request.value, protection.documents)
  const { isRegistered, isMissing, completed } = registered
  if (isMissing) return { reason: 'query_not_registered', offset: null, isRegistered }
  if (completed === null) return { reason: null, measurement, isRegistered }
  return measureCompleted(completed, registered, protection)
}

const NO_BODY = { kind: 'none' } as const

/** What runs is the registered document, so that is what counts. */
function measureCompleted(
  request: GraphqlRequest,
  { isRegistered }: Registration,
  protection: GraphqlProtection,
): Measured {
  const measurement = protection.measure(request)
  const { reason } = measurement
  return reason === null
    ? { reason, measurement, isRegistered }
    : { reason, offset: null, isRegistered }
}

function measuredDetection(
  { measurement, isRegistered }: Extract<Measured, { readonly reason: null }>,
  place: GraphqlPlace,
): Detection {
  const { query_size, query_depth, query_cost, batch_size, operation_type, operation_name } =
    measurement
  return {
    fields: graphqlFields({ kind: 'measured', measurement, isRegistered }),
    findings: [
      {
        detector: graphql.name,
        reason: 'measured',
        detail: {
          query_size,
          query_depth,
          batch_size,
          ...(query_cost === null ? {} : { query_cost }),
          ...(operation_type === null ? {} : { operation_type }),
          ...(operation_name === null ? {} : { operation_name: findingText(operation_name) }),
        },
      },
    ],
    graphql: { place, figures: { query_size, query_depth, query_cost } },
  }
}

function unparsedDetection(
  { reason, offset, isRegistered }: Exclude<Measured, { readonly reason: null }>,
  place: GraphqlPlace,
): Detection {
  return {
    fields: graphqlFields({ kind: 'unparsed', reason, isRegistered }),
    findings: [
      {
        detector: graphql.name,
        reason,
        ...(offset === null ? {} : { detail: { offset } }),
      },
    ],
    graphql: { place, figures: null },
  }
}
