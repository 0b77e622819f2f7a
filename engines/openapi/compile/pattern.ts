/**
 * A schema's `pattern` (ECMA-262, searched anywhere), run in time that is linear in the text: the automaton of the rules
 * language runs it, after its syntax was brought to that engine's. What only backtracking could run, such as look-around, is
 * run by the platform if nothing in it repeats, and is refused otherwise: a pattern is the operator's, but the text that would
 * make it explode is a stranger's.
 */
import { compileRegex } from '#engines/expressions'
import { toRustSyntax } from './pattern-syntax.ts'

export type Pattern = (text: string) => boolean

/** `null` when it is no regular expression, or none that can be run safely. */
export function patternOf(source: string): Pattern | null {
  const script = scriptPattern(source)
  if (script === null) return null
  const translated = toRustSyntax(source)
  const linear = translated === null ? null : compileRegex(`(?u)${translated}`)
  if (linear?.ok === true) return linear.value
  return repeats(source) ? null : (text) => script.test(text)
}

/** As ECMAScript reads it, with Unicode if it can be. */
function scriptPattern(source: string): RegExp | null {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags)
    } catch {
      // Tried again without `u`, where stray escapes are allowed; a null is reported by the caller.
    }
  }
  return null
}

/** Any `*`, `+`, `?` or `{`, one in a class too: one loop over overlapping alternatives is enough to explode. */
function repeats(source: string): boolean {
  return /[*+{]|(?<!\()\?/.test(source.replaceAll(/\\./gs, ''))
}
