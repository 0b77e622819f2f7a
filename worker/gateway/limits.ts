/** What the data plane keeps of what strangers send; how much of a request it looks at: engines/request-fields/limits.ts. */
export type GatewayLimits = {
  /** Longest string of an event: user agents and paths are a stranger's. */
  readonly eventTextCharactersMax: number
  /** Characters of all violations of one event together; those beyond are left out. */
  readonly eventViolationCharactersMax: number
  /** Longest text of a finding: the key id of a token is a stranger's. */
  readonly findingTextCharactersMax: number
  /** Events an isolate holds before they are sent; what comes beyond is counted and dropped. */
  readonly bufferedEventsMax: number
  /** Places of GraphQL queries whose counts an isolate holds before they are sent; others are not counted. */
  readonly graphqlPlacesMax: number
  /** One in so many GraphQL requests is measured although no rule asks, so that thresholds can be recommended. */
  readonly graphqlSampledOneIn: number
  /** Client certificates whose verification is remembered. */
  readonly rememberedCertificatesMax: number
  /** Characters of the parts of schemas that an isolate keeps; parsed they take a few times as many bytes. */
  readonly schemaPartCharactersMax: number
  /** Characters of the schemas whose validators an isolate keeps; closures take ten to twenty times as many bytes. */
  readonly validatorCharactersMax: number
  /** For how long it is remembered that a certificate was refused, in milliseconds. */
  readonly rememberedRefusalMs: number
}

export const GATEWAY_LIMITS: GatewayLimits = {
  eventTextCharactersMax: 512,
  eventViolationCharactersMax: 4_096,
  findingTextCharactersMax: 64,
  bufferedEventsMax: 1_000,
  graphqlPlacesMax: 100,
  graphqlSampledOneIn: 50,
  rememberedCertificatesMax: 10_000,
  schemaPartCharactersMax: 4_000_000,
  validatorCharactersMax: 2_000_000,
  rememberedRefusalMs: 10_000,
}
