/** What the data plane takes from a stranger before it stops looking. Sizes in bytes unless the name says otherwise. */
export type GatewayLimits = {
  /** Longest request target (path and query). Cloudflare takes 16 KiB in all. */
  readonly urlCharactersMax: number
  /** Largest body that a rule may look at; a larger one is a finding of its own and still streams when no rule objects. */
  readonly inspectedBodyBytesMax: number
  /** Longest string of an event: user agents and paths are a stranger's. */
  readonly eventTextCharactersMax: number
  /** Characters of all violations of one event together; those beyond are left out. */
  readonly eventViolationCharactersMax: number
  /** Events an isolate holds before they are sent; what comes beyond is counted and dropped. */
  readonly bufferedEventsMax: number
  /** Client certificates whose verification is remembered. */
  readonly rememberedCertificatesMax: number
}

export const GATEWAY_LIMITS: GatewayLimits = {
  urlCharactersMax: 16_384,
  inspectedBodyBytesMax: 1_048_576,
  eventTextCharactersMax: 512,
  eventViolationCharactersMax: 4_096,
  bufferedEventsMax: 1_000,
  rememberedCertificatesMax: 10_000,
}
