/**
 * Which fields a recording cannot tell. They are missing for every replayed request, so a rule that reads one may decide
 * otherwise on live traffic.
 */

/** What is told beside the recording. */
export type Told = {
  /** Without operations every request is a fallthrough, which tells nothing. */
  readonly hasOperations: boolean
  /** Without identifiers no request belongs to a session. */
  readonly hasSessions: boolean
}

/** What the readers of fields fill from a recorded exchange; all else needs the live connection or a token. */
const KNOWN =
  /^(?:ssl|ip\.src|cf\.api_gateway\.(?:fallthrough_detected|auth_id_present)|cf\.portcullis\.(?:client_network|operation_id|path_variables|session\..*)|cf\.sequence\..*|cf\.schema_validation\.uploaded\..*|cf\.(?:api_gateway|portcullis)\.graphql\.(?!cost|is_registered).*|(?:raw\.)?http\.(?!request\.(?:jwt|version|body\.(?:form|multipart))).*)$/

/** What a session did is remembered by operation. */
const HISTORY = /^cf\.(?:sequence\..*|portcullis\.session\.(?:distinct|repeats))$/

const OF_OPERATIONS =
  /^cf\.(?:api_gateway\.fallthrough_detected|portcullis\.(?:operation_id|path_variables))$/

const OF_SESSIONS = /^cf\.(?:api_gateway\.auth_id_present|portcullis\.session\.(?:id|client))$/

/** Each once. */
export function unknownFields(fields: readonly string[], told: Told): readonly string[] {
  return [...new Set(fields)].filter((field) => !isKnown(field, told))
}

/** Whether it says nothing without sessions. */
export function isOfSessions(field: string): boolean {
  return OF_SESSIONS.test(field) || HISTORY.test(field)
}

function isKnown(field: string, { hasOperations, hasSessions }: Told): boolean {
  if (isOfSessions(field) && !hasSessions) return false
  if ((OF_OPERATIONS.test(field) || HISTORY.test(field)) && !hasOperations) return false
  return KNOWN.test(field)
}
