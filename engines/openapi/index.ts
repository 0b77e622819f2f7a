/** OpenAPI documents: read them, extract their operations, compile them. Requests have a door of their own, validate/. */
export { readDocument, type ReadDocument } from './document.ts'
export type { DocumentIssue } from './document-error.ts'
export { documentLimits, type DocumentLimits } from './limits.ts'
export { extractOperations } from './operations.ts'
export { compileProfile, type SchemaProfile } from './profile.ts'
export { splitProfile } from './profile-parts.ts'
