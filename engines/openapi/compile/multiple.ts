/** `multipleOf` (JSON Schema 2020-12 validation §6.2.1) in decimal, as numbers are written: 0.3 is a multiple of 0.1. */

/** Whether dividing leaves no rest; nothing is a multiple of zero or less. */
export function isMultiple(value: number, divisor: number): boolean {
  if (!Number.isFinite(value) || divisor <= 0) return false
  // The rest of two integers is exact; so is that of an integer beyond 2^53, which is read as the nearest double.
  if (Number.isInteger(value) && Number.isInteger(divisor)) return value % divisor === 0
  const [left, right] = [decimal(value), decimal(divisor)]
  const exponent = Math.min(left.exponent, right.exponent)
  const scale = (one: Decimal) => one.digits * 10n ** BigInt(one.exponent - exponent)
  return scale(left) % scale(right) === 0n
}

type Decimal = { readonly digits: bigint; readonly exponent: number }

function decimal(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}
