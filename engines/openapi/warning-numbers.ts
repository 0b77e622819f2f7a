/** The number of each warning, for wires that want one. Numbers stay with their warning for good; new ones are added at the end. */
import type { WarningCode } from './warnings.ts'

const numbers = {
  unknown_member: 2001,
  invalid_member: 2002,
  duplicate_path: 2003,
  path_parameter_not_in_path: 2004,
  path_variable_undeclared: 2005,
  path_with_query: 2006,
  path_unsupported: 2007,
  no_servers: 2008,
  relative_server_url: 2009,
  invalid_server_url: 2010,
  unresolved_server_variable: 2011,
  too_many_server_urls: 2012,
  duplicate_operation: 2013,
  parameter_content_unsupported: 2014,
  media_type_not_validated: 2015,
  pattern_unsupported: 2016,
  format_unknown: 2017,
  keyword_unsupported: 2018,
  swagger_converted: 2019,
  read_as_3_1: 2020,
  external_reference: 2021,
  unresolved_reference: 2022,
  reference_astray: 2023,
  enum_contradicts_type: 2024,
} as const satisfies { readonly [Code in WarningCode]: number }

/** A number from 2001 on. */
export function warningNumber(code: WarningCode): number {
  return numbers[code]
}
