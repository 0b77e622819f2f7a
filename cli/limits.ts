/** Bounds on what commands read: a mistaken path must not send, or load, a disk image. */
export type CliLimits = {
  /** Files of rules/ and schemas/ together. */
  readonly filesMax: number
  /** One file of rules/. */
  readonly ruleFileBytesMax: number
  /** One file of schemas/. */
  readonly schemaBytesMax: number
  /** UTF-16 units of one JSON line on standard input. */
  readonly inputLineCharactersMax: number
  /** A file with a certificate signing request. */
  readonly signingRequestBytesMax: number
  /** Requests that a replay keeps as examples for one rule. */
  readonly examplesMax: number
  /** Files of recorded traffic that a replay reads at the same time. */
  readonly openFilesMax: number
  /** What a replay holds back to put requests in order: UTF-16 units of them, and 1,024 for each. */
  readonly heldCharactersMax: number
  /** Counters that a replay keeps: about as many as the objects of one zone have in memory. */
  readonly metersMax: number
  /** Sessions that a replay remembers. */
  readonly sessionsMax: number
}

export const cliLimits: CliLimits = {
  filesMax: 200,
  ruleFileBytesMax: 4 * 1024 * 1024,
  schemaBytesMax: 20 * 1024 * 1024,
  inputLineCharactersMax: 16 * 1024 * 1024,
  signingRequestBytesMax: 64 * 1024,
  examplesMax: 10_000,
  openFilesMax: 64,
  heldCharactersMax: 64 * 1024 * 1024,
  metersMax: 262_144,
  sessionsMax: 65_536,
}
