/** Integer literals and ranges: 64-bit as written (BigInt), numbers when compared. */

export type IntRange = { readonly first: bigint; readonly last: bigint }

const INT64_MIN = -(2n ** 63n)
/** The largest integer of the language. */
export const INT64_MAX = 2n ** 63n - 1n
/** wirefilter: `0x` is hexadecimal, any other leading `0` octal, everything else decimal. */
const DIALECTS = [
  { shape: /^0x[0-9A-Fa-f]+$/, toBigInt: (text: string) => BigInt(text) },
  { shape: /^0[0-7]*$/, toBigInt: (text: string) => BigInt(`0o${text}`) },
  { shape: /^-?[0-9]+$/, toBigInt: (text: string) => BigInt(text) },
]

/** A 64-bit integer literal; undefined when malformed or out of range. */
export function parseInt64(text: string): bigint | undefined {
  // `-010` is decimal, `010` octal and `089` neither: only the first dialect that could start it counts.
  const dialect = DIALECTS.find(({ shape }) => shape.test(text))
  if (dialect === undefined || /^0[0-9]*[89]/.test(text)) return undefined
  const value = dialect.toBigInt(text)
  return value < INT64_MIN || value > INT64_MAX ? undefined : value
}

/**
 * Compiles ranges to a membership test over safe integers that costs a binary search.
 * Bounds beyond 2^53 lose their last bits as numbers, which no safe integer can notice.
 */
export function compileIntSet(ranges: readonly IntRange[]): (value: number) => boolean {
  const merged = mergeRanges(ranges)
  const firsts = Float64Array.from(merged, (range) => Number(range.first))
  const lasts = Float64Array.from(merged, (range) => Number(range.last))
  return (value) => {
    let low = 0
    let high = firsts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (value < (firsts[middle] ?? 0)) high = middle
      else if (value > (lasts[middle] ?? 0)) low = middle + 1
      else return true
    }
    return false
  }
}

/** Compiles `bitwise_and`: JavaScript's own operator sees 32 bits, so the two halves are tested apart. */
export function compileBitMask(mask: bigint): (value: number) => boolean {
  const low = Number(BigInt.asIntN(32, mask))
  const high = Number(BigInt.asIntN(32, mask >> 32n))
  return (value) => (value & low) !== 0 || (Math.floor(value / 2 ** 32) & high) !== 0
}

function mergeRanges(ranges: readonly IntRange[]): readonly IntRange[] {
  const merged: IntRange[] = []
  const sorted = [...ranges].sort((left, right) => Number(left.first - right.first))
  for (const range of sorted) {
    const previous = merged.at(-1)
    if (previous === undefined || previous.last < range.first) merged.push(range)
    else if (previous.last < range.last) {
      merged[merged.length - 1] = { first: previous.first, last: range.last }
    }
  }
  return merged
}
