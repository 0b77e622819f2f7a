/** A text that an ECMAScript regular expression finds, for the patterns people write: no look-around, no back-references. */

/** `null` when none was found. At least `lengthMin` characters where repetition allows it; variants differ where they can. */
export function samplePattern(source: string, lengthMin: number, variant = 0): string | null {
  for (const more of [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89]) {
    const reader: Reader = { source, at: 0, more: more + variant, variant }
    const text = readAlternatives(reader)
    if (text.length < lengthMin && more < 89) continue
    if (matches(source, text)) return text
  }
  return null
}

function matches(source: string, text: string): boolean {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags).test(text)
    } catch {
      // Not with `u`, then: stray escapes.
    }
  }
  return false
}

/** `more` is how often what may be repeated is repeated beyond its least. */
type Reader = {
  readonly source: string
  at: number
  readonly more: number
  readonly variant: number
}

function readAlternatives(reader: Reader): string {
  const texts = [readSequence(reader)]
  while (reader.source[reader.at] === '|') {
    reader.at += 1
    texts.push(readSequence(reader))
  }
  const some = texts.filter((text) => text !== '')
  return some[reader.variant % some.length] ?? ''
}

function readSequence(reader: Reader): string {
  let text = ''
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] ?? '')) {
    const atom = readAtom(reader)
    text += atom.repeat(readQuantity(reader))
  }
  return text
}

function readAtom(reader: Reader): string {
  const character = reader.source[reader.at++] ?? ''
  switch (character) {
    case '^':
    case '$':
      return ''
    case '.':
      return 'a'
    case '\\':
      return readEscape(reader)
    case '[':
      return readClass(reader)
    case '(': {
      const isLook = /^\?<?[=!]/.test(reader.source.slice(reader.at))
      const opening = /^\?(?::|<?[=!]|<\w+>)/.exec(reader.source.slice(reader.at))?.[0] ?? ''
      reader.at += opening.length
      const inside = readAlternatives(reader)
      reader.at += 1
      return isLook ? '' : inside
    }
  }
  return character
}

const CLASSES: { readonly [letter: string]: string } = {
  d: '1',
  D: 'a',
  w: 'a',
  W: '-',
  s: ' ',
  S: 'a',
  t: '\t',
  n: '\n',
  r: '\r',
  b: '',
  B: '',
}

function readEscape(reader: Reader): string {
  const letter = reader.source[reader.at++] ?? ''
  const property = /^\{([^}]*)\}/.exec(reader.source.slice(reader.at))
  if (letter === 'p' && property !== null) {
    reader.at += property[0].length
    return /^(?:N|Number)/.test(property[1] ?? '') ? '1' : /Lu/.test(property[1] ?? '') ? 'A' : 'a'
  }
  const hex = { x: /^[\da-f]{2}/i, u: /^[\da-f]{4}/i }[letter]?.exec(
    reader.source.slice(reader.at),
  )?.[0]
  if (hex !== undefined) {
    reader.at += hex.length
    return String.fromCharCode(Number.parseInt(hex, 16))
  }
  return CLASSES[letter] ?? letter
}

function readClass(reader: Reader): string {
  const start = reader.at - 1
  if (reader.source[reader.at] === '^') reader.at += 1
  while (reader.at < reader.source.length && reader.source[reader.at] !== ']') {
    reader.at += reader.source[reader.at] === '\\' ? 2 : 1
  }
  reader.at += 1
  const source = reader.source.slice(start, reader.at)
  const usual = ['a', '1', 'A', '-', '_', '.', ' ', '/', '~', '#', 'é', '\t']
  const printable = Array.from({ length: 96 }, (_, index) => String.fromCharCode(32 + index))
  return [...usual, ...printable].find((each) => matches(`^${source}$`, each)) ?? ''
}

function readQuantity(reader: Reader): number {
  const [text, symbol, least, , most] =
    /^(?:([*+?])|\{(\d+)(,(\d*))?\})[?+]?/.exec(reader.source.slice(reader.at)) ?? []
  if (text === undefined) return 1
  reader.at += text.length
  if (symbol === '?') return Math.min(1, reader.more)
  if (symbol !== undefined) return (symbol === '+' ? 1 : 0) + reader.more
  const from = Number(least)
  const to = text.includes(',') ? (most === '' ? Infinity : Number(most)) : from
  return Math.min(to, from + reader.more)
}
