/**
 * Compares the request with the uploaded schema of its operation, which it reads when the operation is first met. Reads the
 * body only when the schema speaks of one. Throws when the schema cannot be had.
 */
import type { RequestBody, RequestParts } from '#engines/openapi/validate'
import { SCHEMA_FIELDS, schemaFields } from '#engines/request-fields'
import type { Exchange } from '../exchange.ts'
import type { Detection, Detector } from './detector.ts'

export const schema: Detector = {
  name: 'schema',
  fills: SCHEMA_FIELDS,
  async run(exchange, { schemas }) {
    const { operation: match, snapshot, later } = exchange
    const wanted = match === null ? null : snapshot.schemas.find(match.operation.operation_id)
    if (match === null || wanted === null) return NOT_EVALUATED
    const known = schemas.validator(wanted, later)
    const validator = known instanceof Promise ? await known : known
    const body: RequestBody = validator.readsBody ? await exchange.body.inspect() : { kind: 'none' }
    const result = validator.validate(requestParts(exchange, match.variables, body))
    const { violations } = result
    const findings = violations.length === 0 ? [] : [{ detector: 'schema', reason: 'violated' }]
    return { fields: schemaFields(result), findings, violations }
  },
}

/** No schema describes the operation: the fields are missing, which no rule takes for a violation. */
const NOT_EVALUATED: Detection = { fields: new Map(), findings: [] }

function requestParts(
  { header, query }: Exchange,
  variables: readonly string[],
  body: RequestBody,
): RequestParts {
  return {
    variables,
    query,
    header,
    cookie: header('cookie'),
    contentType: header('content-type'),
    body,
  }
}
