/** Fills the fields of one recorded request that take more than a look at it, each when the first rule asks for it. */
import { fieldIndex, type Value } from '#engines/expressions'
import { createGraphqlMeasurer } from '#engines/graphql'
import type { RequestBody, ValidationResult, Validator } from '#engines/openapi/validate'
import type { OperationMatch } from '#engines/paths'
import {
  bodyFields,
  graphqlFields,
  graphqlRequestOf,
  INSPECTION_LIMITS,
  isGraphqlRequest,
  isUsualGraphqlPath,
  schemaFields,
} from '#engines/request-fields'
import type { ReplayedOperation } from './enforced.ts'
import type { Needs } from './needs.ts'
import type { ReplayedRequest } from './request.ts'
import type { SessionKeys } from './session-keys.ts'

export type Violation = ValidationResult['violations'][number]

type Detected = {
  readonly request: ReplayedRequest
  readonly match: OperationMatch<ReplayedOperation> | null
  readonly keys: () => SessionKeys
}

export type Detection = {
  /** By field index; it grows while rules are asked. */
  readonly fields: ReadonlyMap<number, Value>
  fill(needs: Needs): void
  add(fields: ReadonlyMap<number, Value>): void
  /** Departures from the schema, as far as a rule asked for them. */
  violations(): readonly Violation[]
}

export function openDetection({ request, match, keys }: Detected): Detection {
  const fields = new Map<number, Value>()
  const done = { body: false, graphql: false, schema: false, session: false }
  let violations: readonly Violation[] = []
  const fillers: { readonly [K in keyof typeof done]: () => ReadonlyMap<number, Value> } = {
    body: () => bodyFieldsOf(request),
    graphql: () => graphqlFieldsOf(request),
    session: () => sessionFieldsOf(keys()),
    schema() {
      const validator = match?.operation.validator ?? null
      if (match === null || validator === null) return new Map()
      const result = validate(request, validator, match.variables)
      violations = result.violations
      return schemaFields(result)
    },
  }
  return {
    fields,
    fill(needs) {
      for (const kind of KINDS) {
        if (!needs[kind] || done[kind]) continue
        done[kind] = true
        add(fillers[kind]())
      }
    },
    add,
    violations: () => violations,
  }

  function add(more: ReadonlyMap<number, Value>): void {
    for (const [index, value] of more) fields.set(index, value)
  }
}

const KINDS = ['body', 'graphql', 'schema', 'session'] as const

const SESSION_INDEXES = {
  session: fieldIndex('cf.portcullis.session.id'),
  client: fieldIndex('cf.portcullis.session.client'),
} as const

function sessionFieldsOf({ session, client }: SessionKeys): ReadonlyMap<number, Value> {
  return new Map<number, Value>([
    ...(session === null ? [] : [[SESSION_INDEXES.session, session] as const]),
    ...(client === null ? [] : [[SESSION_INDEXES.client, client] as const]),
  ])
}

/** Nothing when the recording does not have the body: then its fields are missing. */
function bodyFieldsOf({ body, header }: ReplayedRequest): ReadonlyMap<number, Value> {
  if (body.kind === 'not_recorded') return new Map()
  const bytes = body.kind === 'none' ? new Uint8Array() : encoder.encode(body.text)
  const head = bytes.subarray(0, INSPECTION_LIMITS.bodyBytesMax)
  const isTruncated = bytes.length > head.length
  const contentType = header('content-type')
  return bodyFields({ head, isTruncated, declaredBytes: bytes.length, contentType })
}

const encoder = new TextEncoder()

const measurer = createGraphqlMeasurer()

/** Where the zone has no settings for GraphQL, which rule files do not hold. Nothing when a body is not there to be read. */
function graphqlFieldsOf(request: ReplayedRequest): ReadonlyMap<number, Value> {
  const { body, path } = request
  const isGraphql = isUsualGraphqlPath(path) && isGraphqlRequest(request, false)
  if (!isGraphql) return graphqlFields({ kind: 'not_graphql' })
  if (body.kind === 'not_recorded') return new Map()
  const sent = graphqlRequestOf(request, requestBody(body))
  const isRegistered = false
  if (!sent.ok) return graphqlFields({ kind: 'unparsed', reason: sent.error, isRegistered })
  const measurement = measurer.measure(sent.value)
  const { reason } = measurement
  if (reason !== null) return graphqlFields({ kind: 'unparsed', reason, isRegistered })
  return graphqlFields({ kind: 'measured', measurement, isRegistered })
}

function validate(
  { body, query, header }: ReplayedRequest,
  validator: Validator,
  variables: readonly string[],
): ValidationResult {
  const result = validator.validate({
    variables,
    query,
    header,
    cookie: header('cookie'),
    contentType: header('content-type'),
    body: requestBody(body),
  })
  if (body.kind !== 'not_recorded') return result
  // Nothing can be said about a body that is not there to be read.
  return { ...result, violations: result.violations.filter(({ location }) => location !== 'body') }
}

function requestBody(body: ReplayedRequest['body']): RequestBody {
  if (body.kind !== 'text') return { kind: 'none' }
  const bytes = encoder.encode(body.text)
  return bytes.length > INSPECTION_LIMITS.bodyBytesMax
    ? { kind: 'too_large' }
    : { kind: 'bytes', bytes }
}
