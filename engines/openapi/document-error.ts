/** The closed catalogue of why an OpenAPI document is refused. */
import { jsonPath, type Place } from './json-value.ts'

/** Code to what it says; the detail of one error follows after a colon. */
const documentErrors = {
  document_too_large: 'The document is too large',
  document_too_deep: 'The document is nested too deeply',
  document_too_many_nodes: 'The document holds too many values, or its aliases multiply',
  too_many_operations: 'The document describes too many operations',
  invalid_syntax: 'The document is neither JSON nor YAML',
  duplicate_key: 'An object has two members of one name',
  not_an_object: 'The document is not an object',
  unsupported_version:
    'Only OpenAPI 3.0 and 3.1 (3.2 is read as 3.1) and Swagger 2.0 are supported',
  missing_member: 'A required member is missing',
  unknown_member: 'A member is not known here',
  invalid_type: 'A value has the wrong type',
  invalid_value: 'A value is not allowed here',
  invalid_name: 'A name is not allowed here',
  invalid_path: 'A path is not a valid template',
  duplicate_parameter: 'A parameter is declared twice',
  external_reference: 'A $ref leads out of the document; it is never fetched',
  unresolved_reference: 'A $ref leads nowhere',
  circular_reference: 'A $ref leads back to itself',
} as const

export type DocumentErrorCode = keyof typeof documentErrors

export type DocumentIssue = {
  readonly code: DocumentErrorCode
  readonly message: string
  /** JSONPath of the offending value, `$` for the whole document. */
  readonly path: string
  /** Place in the text, both from 1; null when the text has no such place. */
  readonly line: number | null
  readonly column: number | null
}

export type DocumentError = {
  /** At least one, in document order, bounded by `errorsMax`. */
  readonly issues: readonly [DocumentIssue, ...DocumentIssue[]]
}

/** A problem at a place of the value tree, before its line is known. */
export type Problem = {
  readonly code: DocumentErrorCode
  readonly detail: string
  readonly place: Place
}

export type TextPosition = { readonly line: number; readonly column: number }

/** Puts a problem into words. */
export function issueOf(problem: Problem, position: TextPosition | null): DocumentIssue {
  const detail = problem.detail === '' ? '' : `: ${problem.detail}`
  return {
    code: problem.code,
    message: `${documentErrors[problem.code]}${detail}`,
    path: jsonPath(problem.place),
    line: position?.line ?? null,
    column: position?.column ?? null,
  }
}
