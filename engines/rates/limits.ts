/** Bounds on what a counter remembers. */
export type RateLimits = {
  /** Marks of one counter. As many requests are remembered exactly; beyond, those that lie closest share a mark. */
  readonly marksMax: number
}

export const RATE_LIMITS: RateLimits = { marksMax: 32 }
