/** Repetition operators: `*`, `+`, `?` and `{n,m}`, each lazy with a `?` behind it. */
import { ok, type Result } from '#engines/result'
import { REGEX_LIMITS } from './limits.ts'
import { skipIgnored, skipWhite } from './space.ts'
import { refuseRegex, type RegexFault, type RegexPlace, type RegexRead } from './tree.ts'

export type Count = { readonly min: number; readonly max: number; readonly isLazy: boolean }

const SHORT: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  '*': { min: 0, max: Infinity },
  '+': { min: 1, max: Infinity },
  '?': { min: 0, max: 1 },
}

/** Whether a repetition operator stands here. */
export function isRepeat(character: string): boolean {
  return character === '{' || SHORT[character] !== undefined
}

/** Reads the operator at `at`. */
export function readRepeat(place: RegexPlace): RegexRead<Count> {
  const { pattern, at } = place
  const short = SHORT[pattern.charAt(at)]
  if (short !== undefined) {
    const isLazy = pattern.charAt(at + 1) === '?'
    return ok({ value: { ...short, isLazy }, next: at + (isLazy ? 2 : 1) })
  }
  const counts = readCounts(place)
  if (!counts.ok) return counts
  const { min, max } = counts.value.value
  const lazyAt = skipIgnored({ ...place, at: counts.value.next })
  const isLazy = pattern.charAt(lazyAt) === '?'
  const next = isLazy ? lazyAt + 1 : lazyAt
  return min > max
    ? refuseRegex('invalid_pattern', 'invalid repetition count', { at, next })
    : ok({ value: { min, max, isLazy }, next })
}

function readCounts(place: RegexPlace): RegexRead<{ readonly min: number; readonly max: number }> {
  const { pattern, at } = place
  const first = readDecimal({ ...place, at: skipIgnored({ ...place, at: at + 1 }) })
  const comma = first.next
  if (pattern.charAt(comma) !== ',') {
    const count = requireCount(first, place)
    if (!count.ok) return count
    return close({ min: count.value, max: count.value }, { ...place, next: comma })
  }
  const min = requireCount(first, place)
  if (!min.ok) return min
  const second = skipIgnored({ ...place, at: comma + 1 })
  if (pattern.charAt(second) === '}') {
    return close({ min: min.value, max: Infinity }, { ...place, next: second })
  }
  const last = readDecimal({ ...place, at: second })
  const max = requireCount(last, place)
  if (!max.ok) return max
  return close({ min: min.value, max: max.value }, { ...place, next: last.next })
}

/** White space may stand round a number even without flag `x`. */
function readDecimal(place: RegexPlace): { readonly digits: string; readonly next: number } {
  const { pattern } = place
  let digits = ''
  let next = skipWhite(pattern, place.at)
  while (/^[0-9]$/.test(pattern.charAt(next))) {
    digits += pattern.charAt(next)
    next = skipIgnored({ ...place, at: next + 1 })
  }
  return { digits, next: skipWhite(pattern, next) }
}

function requireCount(
  { digits, next }: { readonly digits: string; readonly next: number },
  { at }: RegexPlace,
): Result<number, RegexFault> {
  const isCount = digits !== '' && Number(digits) <= REGEX_LIMITS.repeatMax
  return isCount
    ? ok(Number(digits))
    : refuseRegex('invalid_pattern', 'invalid repetition count', { at, next })
}

function close<T>(
  value: T,
  { pattern, at, next }: RegexPlace & { readonly next: number },
): RegexRead<T> {
  return pattern.charAt(next) === '}'
    ? ok({ value, next: next + 1 })
    : refuseRegex('invalid_pattern', 'unclosed counted repetition', { at, next })
}
