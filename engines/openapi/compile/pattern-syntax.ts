/**
 * From ECMA-262's syntax of regular expressions to Rust's, with the same meaning: `\d`, `\w` and `\b` are ASCII there, a `[` in
 * a class is a bracket, `\<` is a sign. Answers `null` for what has no counterpart, rather than something near it.
 */
export function toRustSyntax(source: string): string | null {
  const output: string[] = []
  let isInClass = false
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at)
    if (character === '\\') {
      const escape = escapeAt(source, { at, isInClass })
      if (escape === null) return null
      output.push(escape.text)
      at += escape.length - 1
    } else if (isInClass) {
      if (character === ']') isInClass = false
      output.push(inClass(character, source.charAt(at + 1)))
    } else {
      if (character === '[') {
        // `[]` is nothing and `[^]` anything there; here the bracket would be a member.
        if (/^\[\^?\]/.test(source.slice(at, at + 3))) return null
        isInClass = true
      }
      output.push(character)
    }
  }
  return output.join('')
}

type Escape = { readonly text: string; readonly length: number }

/** ECMA-262 §12.2 and §12.3: a byte order mark is one, U+0085 is none. */
const WHITE_SPACE = String.raw`\t-\r\x20\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`

/** Escapes of one letter: outside of a class, and in one. */
const LETTERS: Readonly<
  Record<string, { readonly outside: string; readonly inside: string | null }>
> = {
  d: { outside: '[0-9]', inside: '0-9' },
  D: { outside: '[^0-9]', inside: null },
  w: { outside: '[A-Za-z0-9_]', inside: 'A-Za-z0-9_' },
  W: { outside: '[^A-Za-z0-9_]', inside: null },
  s: { outside: `[${WHITE_SPACE}]`, inside: WHITE_SPACE },
  S: { outside: `[^${WHITE_SPACE}]`, inside: null },
  b: { outside: String.raw`(?-u:\b)`, inside: String.raw`\x08` },
  B: { outside: String.raw`(?-u:\B)`, inside: null },
  n: { outside: String.raw`\n`, inside: String.raw`\n` },
  r: { outside: String.raw`\r`, inside: String.raw`\r` },
  t: { outside: String.raw`\t`, inside: String.raw`\t` },
  v: { outside: String.raw`\v`, inside: String.raw`\v` },
  f: { outside: String.raw`\f`, inside: String.raw`\f` },
}

function escapeAt(
  source: string,
  { at, isInClass }: { readonly at: number; readonly isInClass: boolean },
): Escape | null {
  const named = source.charAt(at + 1)
  const letter = Object.hasOwn(LETTERS, named) ? LETTERS[named] : undefined
  if (letter !== undefined) {
    const text = isInClass ? letter.inside : letter.outside
    return text === null ? null : { text, length: 2 }
  }
  const long = /^\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]+\}|[pP]\{[^}]+\})/.exec(
    source.slice(at),
  )?.[0]
  // Half of a pair means another half that stands elsewhere.
  if (long !== undefined)
    return /^\\ud[89a-f]/i.test(long) ? null : { text: long, length: long.length }
  // Other letters and digits: back-references, names, and what only the older syntax forgives.
  if (named === '' || /[0-9A-Za-z]/.test(named)) return null
  return { text: /[<>]/.test(named) ? named : `\\${named}`, length: 2 }
}

/** A bracket, and an operator of sets, are members in ECMAScript. */
function inClass(character: string, next: string): string {
  if (character === '[') return String.raw`\[`
  return /[&~]/.test(character) && character === next ? `\\${character}` : character
}
