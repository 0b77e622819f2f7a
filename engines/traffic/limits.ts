/** Bounds on recorded traffic: what is in a recording was written by strangers, whoever made it. */
export type TrafficLimits = {
  /** UTF-16 units of one line of a log or of JSON lines; a body is inside its line. */
  readonly lineCharactersMax: number
  /** UTF-16 units of one line of an access log, which a regular expression reads. */
  readonly logLineCharactersMax: number
  /** UTF-16 units of one HAR file: it is one JSON value, so it is held whole. */
  readonly harCharactersMax: number
  /** UTF-16 units of one URL. */
  readonly urlCharactersMax: number
  /** Headers of one message. */
  readonly headersMax: number
  /** UTF-16 units of all names and values of one message's headers. */
  readonly headerCharactersMax: number
}

export const trafficLimits: TrafficLimits = {
  lineCharactersMax: 16 * 1024 * 1024,
  logLineCharactersMax: 262_144,
  harCharactersMax: 256 * 1024 * 1024,
  urlCharactersMax: 65_536,
  headersMax: 512,
  headerCharactersMax: 262_144,
}
