/** Paths and hosts: one spelling for each, templates, and the operation a request is for. */
export { hostWithoutPort, parseHostPattern, type HostError } from './host.ts'
export { pathLimits } from './limits.ts'
export { normalizePath } from './normalize.ts'
export { operationId } from './operation-id.ts'
export { findServing } from './serving.ts'
export { parseTemplate, type TemplateError } from './template.ts'
export { compileOperations, type OperationMatch, type OperationMatcher } from './trie.ts'
