/** The closed catalogue of what is odd in an accepted document, and what comes of it. */
import { jsonPath, type Place } from './json-value.ts'

const warnings = {
  swagger_converted: 'Swagger 2.0 was converted to OpenAPI 3.0; places are those of the result',
  read_as_3_1: 'OpenAPI 3.2 is read as 3.1; what it adds has no effect',
  unknown_member: 'A member is not known here and has no effect',
  invalid_member: 'A value has the wrong type or is not allowed here and has no effect',
  duplicate_path: 'Two paths are the same template; the first is used',
  path_parameter_not_in_path: 'A path parameter does not stand in the path and is not checked',
  path_variable_undeclared: 'A path variable has no parameter and is not checked',
  path_with_query: 'A path holds a query; it is matched without',
  path_unsupported: 'A path cannot be matched and gives no operation',
  no_servers: 'No server is named, so no host is known',
  relative_server_url: 'A server URL is relative, so its host is not known',
  invalid_server_url: 'A server URL is not an http or https URL and gives no operation',
  unresolved_server_variable: 'A server URL has a variable with no value and gives no operation',
  too_many_server_urls: 'Server variables expand to too many URLs; the rest are left out',
  duplicate_operation: 'Two operations are the same method, host and endpoint; the first is used',
  parameter_content_unsupported:
    'A parameter whose content is not JSON is not checked, only that it is there',
  media_type_not_validated:
    'Bodies of a media type (XML, files, others) are not looked into; only that they have this type',
  pattern_unsupported:
    'A pattern is no ECMAScript regular expression, or one that cannot be run in linear time (look-around, back-references), and is not checked',
  format_unknown: 'A format is not known and is not checked',
  external_reference:
    'A $ref leads out of the document; it is never fetched, and what it names is not checked',
  unresolved_reference: 'A $ref leads nowhere, and what it names is not checked',
  reference_astray:
    'A $ref leads nowhere in the schema resource around it; the document has such a place, which is used',
  enum_contradicts_type:
    'No value of an enum has the type beside it; a value that satisfies either is let through',
  keyword_unsupported: 'A schema keyword is not supported and is not checked',
} as const

export type WarningCode = keyof typeof warnings

/** As `upload_details.warnings` of the schema API. */
export type Warning = {
  readonly code: WarningCode
  readonly message: string
  /** JSONPath of each place. */
  readonly locations: readonly string[]
}

/** One oddity at one place. */
export type Note = { readonly code: WarningCode; readonly detail: string; readonly place: Place }

/** Groups notes that say the same; `locationsMax` bounds the places listed for each. */
export function warningsOf(notes: readonly Note[], locationsMax = 100): readonly Warning[] {
  const grouped = new Map<string, { code: WarningCode; message: string; locations: string[] }>()
  for (const { code, detail, place } of notes) {
    const message = detail === '' ? warnings[code] : `${warnings[code]}: ${detail}`
    const group = grouped.get(message) ?? { code, message, locations: [] }
    grouped.set(message, group)
    if (group.locations.length < locationsMax) group.locations.push(jsonPath(place))
  }
  return [...grouped.values()]
}
