/** Why a request has no measure: the closed catalogue, with what an operator reads. */

export const GRAPHQL_REASONS = {
  // The request.
  unsupported_method: 'GraphQL is sent with GET or POST.',
  unsupported_content_type: 'The content type is none that GraphQL is sent with.',
  body_missing: 'There is no body.',
  body_too_large: 'The body has more bytes than bodyBytesMax.',
  request_not_object: 'The body, or an element of the batch, is JSON but no object.',
  query_missing: 'There is no document and no hash of a registered one.',
  query_not_text: 'The member query is not text.',
  ambiguous_query: 'There is a document in the URL and another one in the body.',
  duplicate_member: 'A member is there twice, and servers differ in which of them counts.',
  batch_empty: 'The batch is empty.',
  batch_too_large: 'The batch has more requests than batchMax.',

  // The JSON around the document.
  invalid_json: 'The body is not JSON.',
  json_too_deep: 'The body is JSON that is nested deeper than jsonDepthMax.',
  too_many_json_values: 'The body is JSON of more values than jsonValuesMax.',

  // The characters of the document (GraphQL, section 2.1).
  unexpected_character: 'No token starts with this character.',
  unterminated_string: 'A string does not end.',
  invalid_escape: 'A string has an escape sequence that does not exist.',
  invalid_number: 'A number is not written as numbers are.',
  lone_surrogate: 'Half of a surrogate pair is no character.',

  // The grammar of the document (GraphQL, sections 2.2 to 2.12).
  empty_document: 'The document has no definition.',
  unexpected_token: 'The grammar does not allow this token here.',
  unexpected_end: 'The document ends too early.',
  variable_in_constant: 'A constant value has a variable in it.',
  type_system_definition: 'The document defines types, so no server runs it (section 5.1.1).',

  // Budgets.
  variables_too_large: 'The variables have more bytes than variablesBytesMax.',
  too_many_tokens: 'The documents have more tokens than tokensMax.',
  too_many_fields: 'The documents have more fields than fieldsMax.',
  too_many_aliases: 'The documents have more aliases than aliasesMax.',
  too_many_directives: 'The documents have more directives than directivesMax.',
  too_many_arguments: 'The documents have more arguments than argumentsMax.',
  nesting_too_deep: 'The document is nested deeper than nestingMax.',
  too_many_operations: 'The documents have more operations than operationsMax.',
  too_many_fragments: 'The documents have more fragments than fragmentsMax.',
  too_many_spreads: 'The documents use fragments more often than spreadsMax.',
  too_many_steps: 'The body has more escapes, comments and colliding names than stepsMax.',
} as const

export type GraphqlReason = keyof typeof GRAPHQL_REASONS
