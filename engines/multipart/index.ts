/** Bodies of several parts. */
export { MULTIPART_LIMITS } from './limits.ts'
export { type MultipartError, readParts } from './parts.ts'
