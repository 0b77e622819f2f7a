/** OpenAPI documents: read them, extract their operations, compile and validate requests. */
export { readDocument, type ReadDocument } from './document.ts'
export type { DocumentIssue } from './document-error.ts'
export { documentLimits, type DocumentLimits } from './limits.ts'
export { extractOperations } from './operations.ts'
export { compileProfile, type SchemaProfile } from './profile.ts'
export type { RequestBody, RequestParts, ValidationResult } from './validate/request.ts'
export { createValidator, type Validator } from './validate/validator.ts'
