/**
 * `matches` and `regex_replace`: Rust's regex syntax over bytes, searched anywhere in the value, in time that is linear in the
 * value whatever the pattern. Refuses what the original engine refuses: look-around, back-references, and what
 * would compile to more than its size limit.
 */
import { ok, type Result } from '#engines/result'
import { decodeBytes, encodeText } from './bytes.ts'
import { createFinder, type Slots } from './regex/captures.ts'
import { finiteTest } from './regex/finite.ts'
import { REGEX_LIMITS } from './regex/limits.ts'
import { literalTest, requiredText } from './regex/literal.ts'
import { buildNfa } from './regex/nfa.ts'
import { parseRegex } from './regex/parser.ts'
import { parseReplacement, type ReplacementPart } from './regex/replacement.ts'
import { createSearch } from './regex/search.ts'
import { simplify } from './regex/simplify.ts'
import { automatonBytes } from './regex/size.ts'
import { type RegexFault, type RegexTree, refuseRegex } from './regex/tree.ts'

/** Compiles a pattern to a test of the value; the error says where in the pattern and why. */
export function compileRegex(pattern: string): Result<(subject: string) => boolean, RegexFault> {
  const parsed = parse(pattern)
  return parsed.ok ? ok(testOf(parsed.value)) : parsed
}

/**
 * Compiles a replacement of the first match: `${1}`…`${8}` stand for groups (empty if they took no part), `$$` for a
 * dollar sign. An error's place is in the pattern, or in the replacement if `in` says so.
 */
export function compileRegexReplace(
  pattern: string,
  replacement: string,
): Result<(subject: string) => string, RegexFault & { readonly in: 'pattern' | 'replacement' }> {
  const parsed = parse(pattern)
  if (!parsed.ok) return { ok: false, error: { ...parsed.error, in: 'pattern' } }
  const parts = parseReplacement(replacement)
  if (!parts.ok) return { ok: false, error: { ...parts.error, in: 'replacement' } }
  const isFound = testOf(parsed.value)
  const find = onFirstUse(() => createFinder(buildNfa(parsed.value)))
  return ok((subject) => {
    // Finding the place and the groups is dear: first whether there is something to find.
    const slots = isFound(subject) ? find(subject) : undefined
    return slots === undefined ? subject : replace(subject, { slots, parts: parts.value })
  })
}

function parse(pattern: string): Result<RegexTree, RegexFault> {
  const whole = { at: 0, next: pattern.length }
  if (!pattern.isWellFormed())
    return refuseRegex('invalid_pattern', 'the pattern is not UTF-8', whole)
  const { automatonBytesMax, charactersMax } = REGEX_LIMITS
  if (pattern.length > charactersMax) {
    return refuseRegex(
      'invalid_pattern',
      `the pattern is longer than ${charactersMax} characters`,
      whole,
    )
  }
  const parsed = parseRegex(pattern)
  if (!parsed.ok) return parsed
  return automatonBytes(parsed.value) > automatonBytesMax
    ? refuseRegex(
        'pattern_too_large',
        `compiled, the pattern exceeds ${automatonBytesMax} bytes`,
        whole,
      )
    : parsed
}

function testOf(pattern: RegexTree): (subject: string) => boolean {
  const tree = simplify(pattern)
  const shortcut = literalTest(tree) ?? finiteTest(tree)
  if (shortcut !== undefined) return shortcut
  const text = requiredText(tree)
  const search = onFirstUse(() => createSearch(buildNfa(tree)))
  return text === '' ? search : (subject) => subject.includes(text) && search(subject)
}

/** Automata are made when a value first asks for them: most rules of a snapshot never see one that gets so far. */
function onFirstUse<T>(create: () => (subject: string) => T): (subject: string) => T {
  let run: ((subject: string) => T) | undefined
  return (subject) => {
    run ??= create()
    return run(subject)
  }
}

function replace(
  subject: string,
  { slots, parts }: { readonly slots: Slots; readonly parts: readonly ReplacementPart[] },
): string {
  const bytes = encodeText(subject)
  const slice = (group: number) =>
    bytes.slice(slots.get(2 * group) ?? 0, slots.get(2 * group + 1) ?? 0)
  return decodeBytes([
    ...bytes.slice(0, slots.get(0)),
    ...parts.flatMap((part) => (part.kind === 'text' ? encodeText(part.text) : slice(part.group))),
    ...bytes.slice(slots.get(1)),
  ])
}
