/**
 * Every error and notice that the management API can answer: code, HTTP status, text. Codes are stable and never reused.
 * Where Cloudflare's own code for the same thing is known, it is used (the five-digit ones and 7003); the others are ours.
 */

type Row = {
  readonly code: number
  readonly status: number
  readonly message: string
  /** The official client repeats a 409 by itself; `false` tells it that this will not help. */
  readonly retry?: false
}

export const ERRORS = {
  malformed_request: { code: 1001, status: 400, message: 'The request body is not valid JSON.' },
  invalid_body: { code: 1002, status: 400, message: 'The request body is not valid.' },
  invalid_query: { code: 1003, status: 400, message: 'A query parameter is not valid.' },
  body_too_large: { code: 1004, status: 413, message: 'The request body is too large.' },
  body_too_deep: { code: 1005, status: 400, message: 'The request body is nested too deeply.' },
  method_not_allowed: { code: 1006, status: 405, message: 'This method is not allowed here.' },
  limit_reached: { code: 1007, status: 400, message: 'The zone holds as many of these as it can.' },
  not_found: { code: 1008, status: 404, message: 'There is nothing with this identifier.' },
  write_conflict: {
    code: 1009,
    status: 409,
    message: 'Other changes kept coming in between. Nothing was changed; try again.',
  },
  internal_error: {
    code: 1010,
    status: 500,
    message: 'Portcullis failed to do this. Its log has the cause.',
  },
  not_configured: { code: 1011, status: 503, message: 'The management API is not configured.' },
  invalid_operation: { code: 1101, status: 400, message: 'The operation is not valid.' },
  operation_in_use: {
    code: 1102,
    status: 409,
    message: 'A sequence rule names this operation.',
    retry: false,
  },
  invalid_schema: { code: 1201, status: 400, message: 'The OpenAPI document is not valid.' },
  invalid_csr: {
    code: 1301,
    status: 400,
    message: 'The certificate signing request is not valid.',
  },
  invalid_hostname: { code: 1302, status: 400, message: 'The hostname is not valid.' },
  certificate_expired: {
    code: 1303,
    status: 409,
    message: 'The certificate has expired and cannot be reactivated.',
    retry: false,
  },
  authority_unusable: {
    code: 1304,
    status: 500,
    message: 'The key of the managed authority cannot be opened: was SEALING_SECRET changed?',
  },
  invalid_certificate: {
    code: 1305,
    status: 400,
    message: 'The certificate cannot be used as an authority.',
  },
  certificate_exists: {
    code: 1306,
    status: 409,
    message: 'This authority was uploaded already.',
    retry: false,
  },
  certificate_in_use: {
    code: 1307,
    status: 409,
    message: 'Hostnames are associated with this authority: remove the associations first.',
    retry: false,
  },
  invalid_revocation_list: {
    code: 1308,
    status: 400,
    message: 'The certificate revocation list is not valid.',
  },
  revocation_list_older: {
    code: 1309,
    status: 409,
    message: 'The certificate revocation list is older than the one in force.',
    retry: false,
  },
  certificate_revoked: {
    code: 1310,
    status: 409,
    message: 'The certificate was revoked: issue a new one instead.',
    retry: false,
  },
  invalid_rule: { code: 1401, status: 400, message: 'The rule is not valid.' },
  unsupported_phase: { code: 1402, status: 400, message: 'This phase is not supported.' },
  invalid_ruleset: { code: 1403, status: 400, message: 'The ruleset is not valid.' },
  ruleset_in_use: {
    code: 1404,
    status: 409,
    message: 'A rule executes this ruleset.',
    retry: false,
  },
  version_in_use: {
    code: 1405,
    status: 409,
    message: 'The current version of a ruleset cannot be deleted.',
    retry: false,
  },
  entrypoint_exists: {
    code: 1406,
    status: 409,
    message: 'The phase has an entry point already: change that one.',
    retry: false,
  },
  invalid_list: { code: 1501, status: 400, message: 'The list is not valid.' },
  invalid_list_item: { code: 1502, status: 400, message: 'The item is not valid.' },
  list_exists: {
    code: 1503,
    status: 409,
    message: 'There is a list of this name already.',
    retry: false,
  },
  list_in_use: { code: 1504, status: 409, message: 'A rule uses this list.', retry: false },
  invalid_token_configuration: {
    code: 1601,
    status: 400,
    message: 'The token configuration is not valid.',
  },
  token_configuration_in_use: {
    code: 1602,
    status: 409,
    message: 'Something names this token configuration.',
    retry: false,
  },
  invalid_credentials: { code: 1603, status: 400, message: 'The key is not valid.' },
  key_source_unusable: {
    code: 1604,
    status: 400,
    message: 'The source of keys gives none that can be used.',
  },
  secrets_unusable: {
    code: 1605,
    status: 500,
    message: 'The secret of a key cannot be sealed: is SEALING_SECRET right?',
  },
  invalid_graphql: { code: 1701, status: 400, message: 'The GraphQL text is not valid.' },
  sequence_rule_exists: {
    code: 1801,
    status: 409,
    message: 'There is a sequence rule with this ref already.',
    retry: false,
  },
  invalid_route: {
    code: 7003,
    status: 404,
    message: 'Could not route the request, perhaps the path or an identifier in it is wrong.',
  },
  authentication_error: { code: 10000, status: 401, message: 'Authentication error' },
  no_entrypoint: {
    code: 10003,
    status: 404,
    message: 'could not find entrypoint ruleset in this phase',
  },
  invalid_expression: { code: 20127, status: 400, message: 'The expression is not valid.' },
} as const satisfies { readonly [name: string]: Row }

export type ErrorName = keyof typeof ERRORS

/** What an answer may add without being an error; a member of the envelope's `messages`. */
export const NOTICES = {
  published_late: {
    code: 1901,
    message:
      'Saved. It reaches the data plane late: the configuration store did not answer and is tried again.',
  },
  schema_warning: { code: 1902, message: 'A part of the OpenAPI document is not used.' },
  list_not_comparable: {
    code: 1904,
    message:
      'A list of redirects is stored. No expression can use it, and nothing is redirected by it.',
  },
  key_left_out: { code: 1905, message: 'A key that cannot be used was left out.' },
  selector_covers_nothing: {
    code: 1906,
    message: 'The selector includes no host, so the rule covers no operation.',
  },
  listed_keys_unused: {
    code: 1907,
    message: 'The listed keys are not used while the configuration has a key_source.',
  },
  algorithm_defaulted: { code: 110003, message: 'alg was omitted and defaulted to "RS256".' },
} as const satisfies {
  readonly [name: string]: { readonly code: number; readonly message: string }
}

export type NoticeName = keyof typeof NOTICES

export function errorRow(name: ErrorName): Row {
  return ERRORS[name]
}
