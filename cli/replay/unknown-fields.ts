/**
 * Which fields a recording cannot tell. They are missing for every replayed request, so a rule that reads one may decide
 * otherwise on live traffic.
 */

/** What the readers of fields fill from a recorded request; all else needs the live connection, a token or an answer. */
const KNOWN =
  /^(?:ssl|ip\.src|cf\.api_gateway\.fallthrough_detected|cf\.portcullis\.(?:client_network|operation_id|path_variables)|cf\.schema_validation\.uploaded\..*|cf\.(?:api_gateway|portcullis)\.graphql\.(?!cost|is_registered).*|(?:raw\.)?http\.(?!response\.|request\.(?:jwt|version|body\.(?:form|multipart))).*)$/

const OF_OPERATIONS = new Set([
  'cf.api_gateway.fallthrough_detected',
  'cf.portcullis.operation_id',
  'cf.portcullis.path_variables',
])

/** Each once. Without operations every request is a fallthrough, which tells nothing. */
export function unknownFields(
  fields: readonly string[],
  hasOperations: boolean,
): readonly string[] {
  return [...new Set(fields)].filter(
    (field) => !KNOWN.test(field) || (OF_OPERATIONS.has(field) && !hasOperations),
  )
}
