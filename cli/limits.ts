/** Bounds on what is seeded: a mistaken path must not send a disk image. The management API has its own. */
export type SeedLimits = {
  /** Files of rules/ and schemas/ together. */
  readonly filesMax: number
  /** One file of rules/. */
  readonly ruleFileBytesMax: number
  /** One file of schemas/. */
  readonly schemaBytesMax: number
}

export const seedLimits: SeedLimits = {
  filesMax: 200,
  ruleFileBytesMax: 4 * 1024 * 1024,
  schemaBytesMax: 20 * 1024 * 1024,
}
