/** How much of a token, of its keys and of what is asked of it is taken. */
export type TokenLimits = {
  /** Whole token in characters, which are octets: a longer one is not looked at. */
  readonly tokenCharactersMax: number
  /** Header part in characters, still encoded. */
  readonly headerCharactersMax: number
  /** Objects and arrays inside one another in header or claims. */
  readonly depthMax: number
  /** Members of all objects of the header or of the claims. */
  readonly membersMax: number
  /** `kid` of a key or a token in UTF-16 units. */
  readonly kidCharactersMax: number
  /** Keys that a configuration lists. */
  readonly configuredKeysMax: number
  /** Keys of a fetched JWKS; a larger one is refused as a whole. */
  readonly fetchedKeysMax: number
  /** Secret of a symmetric key in octets. */
  readonly secretBytesMax: number
  readonly rsaBitsMin: number
  readonly rsaBitsMax: number
  /** Entries of each list of the requirements, and claims that are asked for. */
  readonly requirementEntriesMax: number
  /** One text of the requirements in UTF-16 units. */
  readonly requirementCharactersMax: number
  /** Seconds. */
  readonly clockSkewSecondsDefault: number
  readonly clockSkewSecondsMax: number
  /** JSONPath to a claim in UTF-16 units. */
  readonly pathCharactersMax: number
  readonly pathStepsMax: number
  /** Tokens that a cache remembers. */
  readonly cacheEntriesMax: number
  /** Characters of all tokens that a cache remembers. */
  readonly cacheCharactersMax: number
}

export const TOKEN_LIMITS: TokenLimits = {
  tokenCharactersMax: 16_384,
  headerCharactersMax: 2_048,
  depthMax: 32,
  membersMax: 1_000,
  kidCharactersMax: 256,
  configuredKeysMax: 16,
  fetchedKeysMax: 100,
  secretBytesMax: 1_024,
  rsaBitsMin: 2_048,
  rsaBitsMax: 8_192,
  requirementEntriesMax: 32,
  requirementCharactersMax: 1_024,
  clockSkewSecondsDefault: 60,
  clockSkewSecondsMax: 300,
  pathCharactersMax: 512,
  pathStepsMax: 32,
  cacheEntriesMax: 20_000,
  cacheCharactersMax: 8 * 1_024 * 1_024,
}
