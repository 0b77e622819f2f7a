/** How much of a request is looked at, live or replayed. */
export type InspectionLimits = {
  /** Longest request target, path and query together, in UTF-16 units. Cloudflare takes 16 KiB. */
  readonly urlCharactersMax: number
  /** Largest body, in bytes, that is judged as a whole; of a larger one rules see the beginning. */
  readonly bodyBytesMax: number
}

export const INSPECTION_LIMITS: InspectionLimits = {
  urlCharactersMax: 16_384,
  bodyBytesMax: 1_048_576,
}
