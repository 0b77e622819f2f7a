/** OpenAPI documents: read them, extract their operations, compile them. Requests have a door of their own, validate/. */
export { describeOperations } from './describe-operations.ts'
export { readDocument, type ReadDocument } from './document.ts'
export type { DocumentIssue } from './document-error.ts'
export { documentLimits, type DocumentLimits } from './limits.ts'
export { extractOperations } from './operations.ts'
export { compileProfile, type SchemaProfile } from './profile.ts'
export { compileResponses } from './profile-responses.ts'
export { warningNumber } from './warning-numbers.ts'
