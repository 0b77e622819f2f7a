/** Why a line or an entry of a recording was not taken: a closed list, with the text for a person. */
export type TrafficError =
  | { readonly reason: 'line_too_long'; readonly charactersMax: number }
  | { readonly reason: 'not_json' }
  | { readonly reason: 'not_a_har' }
  | { readonly reason: 'har_too_long'; readonly charactersMax: number }
  | { readonly reason: 'not_a_log_line' }
  | { readonly reason: 'bad_member'; readonly member: string; readonly expected: string }
  /** What a browser records beside HTTP (`data:`, `blob:`): not ours, and nothing is wrong with it. */
  | { readonly reason: 'not_http'; readonly scheme: string }

/** One line of text for a reader of the recording. */
export function describeTrafficError(error: TrafficError): string {
  switch (error.reason) {
    case 'line_too_long':
      return `the line is longer than ${error.charactersMax} characters`
    case 'not_json':
      return 'this is not JSON'
    case 'not_a_har':
      return 'this is not a HAR file: it has no log.entries'
    case 'har_too_long':
      return `the HAR file is longer than ${error.charactersMax} characters`
    case 'not_a_log_line':
      return 'this is not a line of a common or combined access log'
    case 'bad_member':
      return `${error.member} must be ${error.expected}`
    case 'not_http':
      return `${error.scheme}: is not HTTP`
  }
}
