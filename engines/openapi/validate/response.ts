/**
 * A validator for the responses of one operation: status, headers, JSON body.
 *
 * Promises that each described response is compiled when first met and once, that validating never throws and is bounded by
 * `requestLimits`. It answers what departs from the description; the response is long on its way to the client.
 */
import { requestLimits } from '../limits.ts'
import type { ParameterSources } from '../parameters/decoder.ts'
import { noPairs } from '../parameters/raw-pairs.ts'
import type { OperationResponses, ResponseProfile, ResponsesProfile } from '../profile-responses.ts'
import { type ResponseLocation, violation, type Violation } from '../violations.ts'
import { bodyViolation } from './body-reader.ts'
import { type CheckContents, compileContents } from './contents.ts'
import { checkParameter, compileParameter } from './parameter.ts'
import type { RequestBody } from './request.ts'
import { createSchemaSet, type SchemaSet } from './schema-set.ts'

/** The parts of a response, read once by the caller. */
export type ResponseParts = {
  readonly status: number
  /** A header's value, several joined by `, `; null when absent. */
  header(name: string): string | null
  readonly contentType: string | null
  /** `none` where there can be none, as after HEAD, or where nobody read it: then nothing is said about it. */
  readonly body: RequestBody
}

type ResponseViolation = Violation<ResponseLocation>

export type ResponseValidator = {
  /** Whether the body of a response with this status is looked into; if not, callers need not read it. */
  readsBody(status: number): boolean
  validate(response: ResponseParts): readonly ResponseViolation[]
}

/** The validator of an operation by its `profile_key`; null when nothing is said about its responses. */
export function createResponseValidator(
  profile: ResponsesProfile,
  profileKey: string,
): ResponseValidator | null {
  const { operations } = profile
  const statuses: OperationResponses = Object.hasOwn(operations, profileKey)
    ? (operations[profileKey] ?? {})
    : {}
  if (Object.keys(statuses).length === 0) return null
  const schemas = createSchemaSet(profile.schemas)
  const compiled = new Map<ResponseProfile, CompiledResponse>()
  const describedBy = (status: number): CompiledResponse | null => {
    const response =
      statuses[status] ?? statuses[`${Math.floor(status / 100)}XX`] ?? statuses['default']
    if (response === undefined) return null
    const known = compiled.get(response)
    if (known !== undefined) return known
    const made = compileResponse(response, schemas)
    compiled.set(response, made)
    return made
  }
  return {
    readsBody: (status) => mayHaveBody(status) && describedBy(status)?.readsBody === true,
    validate(response) {
      const described = describedBy(response.status)
      if (described !== null) {
        return described.check(response).slice(0, requestLimits.violationsMax)
      }
      const where = { location: 'response_status', target: String(response.status) } as const
      return [violation('status', where)]
    },
  }
}

/** RFC 9110 §6.4.1. */
function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 205 && status !== 304
}

type CompiledResponse = {
  readonly readsBody: boolean
  check(response: ResponseParts): readonly ResponseViolation[]
}

function compileResponse(
  { headers, content }: ResponseProfile,
  schemas: SchemaSet,
): CompiledResponse {
  const checks = headers.map((header) => compileParameter(header, schemas, new Set()))
  const checkContents = content === null ? null : compileContents(content, schemas)
  return {
    readsBody: Object.values(content ?? {}).some((mediaType) => mediaType !== null),
    check(response) {
      const sources: ParameterSources = {
        variable: () => undefined,
        query: noPairs,
        header: (name) => response.header(name),
        cookies: noPairs,
      }
      const ofHeaders = checks.flatMap((header) => checkParameter(header, sources))
      return [
        ...ofHeaders.map((each) => at('response_header', each)),
        ...checkBody(checkContents, response).map((each) => at('response_body', each)),
      ]
    },
  }
}

function at(location: ResponseLocation, found: Violation): ResponseViolation {
  return { ...found, location }
}

function checkBody(
  checkContents: CheckContents | null,
  { status, body, contentType }: ResponseParts,
): readonly Violation[] {
  if (checkContents === null || body.kind === 'none' || !mayHaveBody(status)) return []
  if (body.kind === 'bytes' && body.bytes.length === 0) return [bodyViolation('missing')]
  return checkContents({ body, contentType })
}
