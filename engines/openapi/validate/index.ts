/**
 * The light door of the engine: requests against a compiled profile. Apart from the other door so that whoever only
 * validates never evaluates a YAML parser.
 */
export { operationProfile } from '../operation-profile.ts'
export { PROFILE_FORMAT } from '../profile-format.ts'
export type { RequestBody, RequestParts, ValidationResult } from './request.ts'
export { createValidator, type Validator } from './validator.ts'
export { createResponseValidator, type ResponseParts, type ResponseValidator } from './response.ts'
