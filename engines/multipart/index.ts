/** Bodies of several parts. */
export { boundaryOf } from './boundary.ts'
export { MULTIPART_LIMITS } from './limits.ts'
export { type MultipartError, type Part, readParts } from './parts.ts'
