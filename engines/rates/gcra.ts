/**
 * The generic cell rate algorithm (ITU-T I.371 §A): a bucket of `burst` permits that regains one each interval, kept as
 * one number. Whoever asks holds the number; nothing here knows the time or stores anything.
 */
export type Allowance = {
  /** Permits that may be used at once. At least 1. */
  readonly burst: number
  /** Milliseconds in which one permit comes back. */
  readonly intervalMs: number
}

type Reservation = {
  /** Milliseconds until the permit may be used; 0 is now. */
  readonly waitMs: number
  /** To be handed in next time: when the bucket would be full again, in milliseconds since 1970. */
  readonly fullAtMs: number
}

/** Takes the next permit, be it one of the future; `fullAtMs` is 0 at first. */
export function reserve(
  { burst, intervalMs }: Allowance,
  fullAtMs: number,
  nowMs: number,
): Reservation {
  const next = Math.max(fullAtMs, nowMs) + intervalMs
  return { waitMs: Math.max(0, next - nowMs - burst * intervalMs), fullAtMs: next }
}
