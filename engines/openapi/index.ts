/** OpenAPI documents: read them, extract their operations, compile and validate requests. */
export { readDocument, type ReadDocument } from './document.ts'
export type { DocumentError, DocumentErrorCode, DocumentIssue } from './document-error.ts'
export { documentLimits, requestLimits, type DocumentLimits, type RequestLimits } from './limits.ts'
export {
  extractOperations,
  type ExtractedOperation,
  type ExtractedOperations,
} from './operations.ts'
export { compileProfile, type CompiledProfile, type SchemaProfile } from './profile.ts'
export type { RequestBody, RequestParts, ValidationResult } from './validate/request.ts'
export { createValidator, type Validator } from './validate/validator.ts'
export type { ErrorClass, Violation, ViolationLocation } from './violations.ts'
export type { Warning, WarningCode } from './warnings.ts'
