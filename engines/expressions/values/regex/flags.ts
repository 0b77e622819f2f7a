/** Inline flags: `(?i)`, `(?i-s:…)`. Each may stand once, and one minus sign with something behind it. */
import { ok } from '#engines/result'
import { refuseRegex, type RegexFlags, type RegexPlace, type RegexRead } from './tree.ts'

/** What is in force where a pattern begins. The original engine reads bytes: flag `u` is off until it is asked for. */
export const FIRST_FLAGS: RegexFlags = {
  ignoresCase: false,
  isMultiLine: false,
  dotMatchesNewline: false,
  swapsGreed: false,
  isUnicode: false,
  isCrlf: false,
  ignoresSpace: false,
}

const FLAGS: Readonly<Record<string, keyof RegexFlags>> = {
  i: 'ignoresCase',
  m: 'isMultiLine',
  s: 'dotMatchesNewline',
  U: 'swapsGreed',
  u: 'isUnicode',
  R: 'isCrlf',
  x: 'ignoresSpace',
}

/** The flags in force after those that start at `at`, behind `(?`; stops before `)` or `:`. */
export function readFlags({ pattern, at, flags }: RegexPlace): RegexRead<RegexFlags> {
  const changes: Partial<Record<keyof RegexFlags, boolean>> = {}
  let next = at
  let isOn = true
  const seen = new Set<string>()
  for (;;) {
    const letter = pattern.charAt(next)
    if (letter === ')' || letter === ':') break
    const flag = FLAGS[letter]
    if (letter === '') {
      return refuseRegex('invalid_pattern', 'unclosed group', { at: at - 2, next: at })
    }
    if (seen.has(letter) || (flag === undefined && letter !== '-')) {
      const message = seen.has(letter) ? 'duplicate flag' : 'unrecognized flag'
      return refuseRegex('invalid_pattern', message, { at: next, next: next + 1 })
    }
    seen.add(letter)
    if (flag === undefined) isOn = false
    else changes[flag] = isOn
    next += 1
  }
  return pattern.charAt(next - 1) === '-'
    ? refuseRegex('invalid_pattern', 'dangling flag negation', { at: next - 1, next })
    : ok({ value: { ...flags, ...changes }, next })
}
