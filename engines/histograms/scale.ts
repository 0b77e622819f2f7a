/**
 * Buckets that grow with what they hold, so that a few cover every magnitude: `steps` an octave, and below twice as many each
 * number has its own. `steps` is a power of two; numbers are whole and not negative.
 */

export function bucketOf(value: number, steps: number): number {
  const exactBelow = 2 * steps
  if (value < exactBelow) return value
  const octave = Math.floor(Math.log2(value))
  const width = 2 ** octave / steps
  const firstOfOctave = exactBelow + (octave - Math.log2(exactBelow)) * steps
  return firstOfOctave + Math.floor((value - 2 ** octave) / width)
}

/** The smallest number of a bucket. */
export function firstOf(bucket: number, steps: number): number {
  const exactBelow = 2 * steps
  if (bucket < exactBelow) return bucket
  const above = bucket - exactBelow
  const start = exactBelow * 2 ** Math.floor(above / steps)
  return start + (above % steps) * (start / steps)
}

/** The largest number of a bucket. */
export function lastOf(bucket: number, steps: number): number {
  return firstOf(bucket + 1, steps) - 1
}
