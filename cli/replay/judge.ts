/**
 * Judges recorded requests with the engines that judge live ones: the same plan of rules, the same walk, the same readers
 * of fields and validators. What only a live request has stays missing (unknown-fields.ts).
 */
import type { CompiledExpression, Value } from '#engines/expressions'
import { createGraphqlMeasurer } from '#engines/graphql'
import type { RequestBody, ValidationResult } from '#engines/openapi/validate'
import { compileOperations, findServing, hostWithoutPort } from '#engines/paths'
import {
  bodyFields,
  createFieldSource,
  GRAPHQL_FIELDS,
  graphqlFields,
  graphqlRequestOf,
  INSPECTION_LIMITS,
  isGraphqlRequest,
  isUsualGraphqlPath,
  schemaFields,
} from '#engines/request-fields'
import { compileLists, compilePlan, type Rule, walk } from '#engines/rulesets'
import type { RecordedRequest } from '#engines/traffic'
import { openRecorded, type ReplayedRequest } from './request.ts'
import type { FileRulesets } from './rulesets.ts'
import type { DescribedOperation } from './schemas.ts'

export type Violation = ValidationResult['violations'][number]

export type Decision =
  | {
      readonly kind: 'walked'
      /** Rules that matched and let the request go on, in order. */
      readonly noted: readonly RuleName[]
      /** The rule that stopped it; null when it passed. */
      readonly blocked: RuleName | null
      /** Departures from the schema, as far as a rule asked for them. */
      readonly violations: readonly Violation[]
      /** A body was sent that the recording does not have. */
      readonly isBodyUnknown: boolean
    }
  /** Refused before any rule, as the shield refuses it. */
  | { readonly kind: 'url_too_long' }

export type RuleName = { readonly rulesetId: string | null; readonly id: string }

export type Judge = {
  readonly judge: (request: RecordedRequest) => Promise<Decision>
  /** Phases whose rules it asks. */
  readonly phases: ReadonlySet<string>
}

type Enforced = FileRulesets & {
  readonly operations: readonly DescribedOperation[]
  /** Stands in where a recording does not know the host. */
  readonly defaultHost: string
}

export function createJudge({ rulesets, lists, operations, defaultHost }: Enforced): Judge {
  const compiledLists = compileLists(lists)
  const plan = compilePlan({
    rulesets,
    lists: compiledLists,
    // Rule files hold none, and a recording has no tokens.
    tokens: [],
    graphql: { unparsed: 'none', isRegisteredOnly: false },
    schema: {
      logged: idsWith(operations, 'log'),
      blocked: idsWith(operations, 'block'),
    },
    // Nobody remembers sessions in a replay.
    sequences: [],
    needs: needsOf,
  })
  const matcher = compileOperations(operations)
  return { judge, phases: new Set(plan.map(({ phase }) => phase)) }

  async function judge(recorded: RecordedRequest): Promise<Decision> {
    const request = openRecorded(recorded, defaultHost)
    if (request.rawPath.length + request.query.length > INSPECTION_LIMITS.urlCharactersMax)
      return { kind: 'url_too_long' }
    const { method, path } = request
    const match = findServing(matcher, { method, host: hostWithoutPort(request.host), path })
    const detected = new Map<number, Value>()
    let isMeasured = false
    let violations: readonly Violation[] | null = null
    const walked = await walk({
      plan,
      request,
      operationId: match?.operation.operation_id,
      source: createFieldSource(
        { ...request, operation: match, sessionIdentifiers: [] },
        { detected, lists: compiledLists.matchers },
      ),
      prepare({ needs }) {
        if (needs.body)
          for (const [index, value] of bodyFieldsOf(request)) detected.set(index, value)
        if (needs.graphql && !isMeasured) {
          isMeasured = true
          for (const [index, value] of graphqlFieldsOf(request)) detected.set(index, value)
        }
        if (needs.schema && violations === null && match !== null) {
          const result = validate(request, match)
          violations = result.violations
          for (const [index, value] of schemaFields(result)) detected.set(index, value)
        }
        return null
      },
    })
    return {
      kind: 'walked',
      noted: walked.noted.map(nameOf),
      blocked: walked.end === 'blocked' ? nameOf(walked.rule) : null,
      violations: violations ?? [],
      isBodyUnknown: request.body.kind === 'not_recorded',
    }
  }
}

type Needs = { readonly body: boolean; readonly graphql: boolean; readonly schema: boolean }

function needsOf({ uses }: Pick<CompiledExpression, 'uses'>): Needs {
  const reads = (start: string): boolean => uses.some(({ field }) => field.startsWith(start))
  return {
    body: reads('http.request.body.'),
    graphql: GRAPHQL_FIELDS.some(reads),
    schema: reads('cf.schema_validation.uploaded.'),
  }
}

function idsWith(
  operations: readonly DescribedOperation[],
  action: DescribedOperation['action'],
): ReadonlySet<string> {
  const found = operations.filter((operation) => operation.action === action)
  return new Set(found.map(({ operation_id }) => operation_id))
}

function nameOf({ rulesetId, id }: Rule<unknown>): RuleName {
  return { rulesetId, id }
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

type Match = { readonly operation: DescribedOperation; readonly variables: readonly string[] }

function validate(request: ReplayedRequest, { operation, variables }: Match): ValidationResult {
  const { body, query, header } = request
  const result = operation.validator.validate({
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
