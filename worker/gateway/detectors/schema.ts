/** Compares the request with the uploaded schema of its operation. Reads the body only when the schema speaks of one. */
import { fieldIndex, type Value } from '#engines/expressions'
import type { RequestBody, RequestParts, ValidationResult } from '#engines/openapi/validate'
import type { Exchange } from '../exchange.ts'
import type { Detection, Detector } from './detector.ts'

const UPLOADED = 'cf.schema_validation.uploaded'

/** Where a violation can be → the field that lists the parameters concerned. */
const LISTS = {
  path: `${UPLOADED}.path.violated_parameters`,
  query: `${UPLOADED}.query.violated_parameters`,
  header: `${UPLOADED}.headers.violated_parameters`,
  cookie: `${UPLOADED}.cookies.violated_parameters`,
  body: `${UPLOADED}.body.violated_parameters`,
} as const

const VIOLATED = `${UPLOADED}.violated`
const UNDECLARED = `${UPLOADED}.query.undeclared_parameters`

export const schema: Detector = {
  name: 'schema',
  fills: [VIOLATED, UNDECLARED, ...Object.values(LISTS)],
  async run(exchange) {
    const { operation: match } = exchange
    const validator =
      match === null ? null : exchange.snapshot.schemas.validator(match.operation.operation_id)
    if (match === null || validator === null) return NOT_EVALUATED
    const body: RequestBody = validator.readsBody ? await exchange.body.inspect() : { kind: 'none' }
    return detection(validator.validate(requestParts(exchange, match.variables, body)))
  },
}

/** No schema describes the operation: the fields are missing, which no rule takes for a violation. */
const NOT_EVALUATED: Detection = { facts: new Map(), finding: null }

function requestParts(
  exchange: Exchange,
  variables: readonly string[],
  body: RequestBody,
): RequestParts {
  const { headers } = exchange.request
  return {
    variables,
    query: exchange.query,
    header: (name) => headers.get(name),
    cookie: headers.get('cookie'),
    contentType: headers.get('content-type'),
    body,
  }
}

const LIST_INDEXES = Object.entries(LISTS).map(([location, field]) => ({
  location,
  index: fieldIndex(field),
}))
const VIOLATED_INDEX = fieldIndex(VIOLATED)
const UNDECLARED_INDEX = fieldIndex(UNDECLARED)

function detection({ violations, undeclaredQueryParameters }: ValidationResult): Detection {
  const facts = new Map<number, Value>([
    [VIOLATED_INDEX, violations.length > 0],
    [UNDECLARED_INDEX, undeclaredQueryParameters],
  ])
  for (const { location, index } of LIST_INDEXES) {
    const targets = violations.filter((v) => v.location === location).map((v) => v.target)
    facts.set(index, [...new Set(targets)])
  }
  const finding = violations.length === 0 ? null : { detector: 'schema', reason: 'violated' }
  return { facts, finding, violations }
}
