/**
 * A validator for the requests of one operation.
 *
 * Promises that compiling happens once, here, and that validating never throws and is bounded by
 * `requestLimits`. It answers what is wrong and decides nothing.
 */
import { requestLimits } from '../limits.ts'
import type { SchemaProfile } from '../profile.ts'
import { compileBody } from './body.ts'
import { compileParameters, type DecodedParameters } from './parameters.ts'
import type { RequestParts, ValidationResult } from './request.ts'
import { createSchemaSet } from './schema-set.ts'

export type Validator = {
  /** Whether the document says anything about a body; if not, callers need not read one. */
  readonly readsBody: boolean
  validate(request: RequestParts): ValidationResult
  /** The parameters as the types of their schemas, as far as they can be read. */
  decode(request: RequestParts): DecodedParameters
}

/** The validator of an operation by its `profile_key`; null when the profile has no such operation. */
export function createValidator(profile: SchemaProfile, profileKey: string): Validator | null {
  const operation = Object.hasOwn(profile.operations, profileKey)
    ? profile.operations[profileKey]
    : undefined
  if (operation === undefined) return null
  const schemas = createSchemaSet(profile.schemas)
  const parameters = compileParameters(operation, schemas)
  const checkBody = compileBody(operation.body, schemas)
  return {
    readsBody: operation.body !== null,
    validate(request) {
      const { violations, undeclaredQueryParameters } = parameters.check(request)
      const all = [...violations, ...checkBody(request)]
      return { violations: all.slice(0, requestLimits.violationsMax), undeclaredQueryParameters }
    },
    decode: (request) => parameters.decode(request),
  }
}
