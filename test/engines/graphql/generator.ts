/** Random documents, and random damage to them. Everything follows from the random numbers handed in. */

export type Random = () => number

/** Reproducible numbers from 0 up to 1 (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const NAMES = 'a b on query fragment type true null F0 F1 F2 F3 _x __typename __schema hero'.split(
  ' ',
)
const SCALARS = [
  ...'0 -0 12 -7 0.5 1e3 1E-3 2.5e+10 true null ENUM on $a $b "" "x" "\\n" "\\u00e9" "\\u{1F600}"'.split(
    ' ',
  ),
  '"\\uD83D\\uDE00"',
  '"a { b } # c"',
  '"""block "quoted" \\""" { """',
  '""""""',
  '"é😀"',
]
const SPACES = [' ', ' ', ' ', '\n', '  ', ',', '\t', '\r\n', ' # comment { "\n', '\ufeff']

export function createDocument(random: Random): string {
  const pick = <T>(items: readonly [T, ...T[]] | readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('there is nothing to pick from')
    return item
  }
  const some = (make: () => string, most: number): string =>
    Array.from({ length: 1 + Math.floor(random() * most) }, make).join(pick(SPACES))
  const maybe = (make: () => string, chance: number): string => (random() < chance ? make() : '')
  const name = () => pick(NAMES)
  const value = (depth: number): string => {
    const kind = random()
    if (depth > 3 || kind < 0.7) return pick(SCALARS)
    if (kind < 0.85) return `[${maybe(() => some(() => value(depth + 1), 3), 0.8)}]`
    return `{${maybe(() => some(() => `${name()}:${value(depth + 1)}`, 3), 0.8)}}`
  }
  const args = () => `(${some(() => `${name()}:${value(0)}`, 3)})`
  const directives = () => some(() => `@${name()}${maybe(args, 0.4)}`, 3)
  const selection = (depth: number): string => {
    const kind = random()
    if (kind < 0.12) return `...${pick(['F0', 'F1', 'F2', 'F3', 'gone'])} ${maybe(directives, 0.2)}`
    if (kind < 0.2) {
      return `...${maybe(() => ` on ${name()}`, 0.6)} ${maybe(directives, 0.2)}${set(depth + 1)}`
    }
    const own = `${maybe(() => `${name()}:`, 0.15)}${name()}`
    const rest = `${maybe(args, 0.2)}${maybe(directives, 0.1)}`
    return `${own}${rest}${depth < 5 ? maybe(() => set(depth + 1), 0.3) : ''}`
  }
  const set = (depth: number): string => `{${some(() => selection(depth), 4)}}`
  const type = (): string => `${random() < 0.3 ? `[${type()}]` : name()}${maybe(() => '!', 0.3)}`
  const variable = () =>
    `$${name()}:${type()}${maybe(() => `=${pick(['1', '"x"', '[1 {a:2}]', 'E'])}`, 0.3)}${maybe(() => '@d(a:1)', 0.1)}`
  const operation = () => {
    const head = `${pick(['query', 'mutation', 'subscription'])} ${maybe(name, 0.7)}`
    return `${head}${maybe(() => `(${some(variable, 3)})`, 0.4)}${maybe(directives, 0.1)}${set(0)}`
  }
  const fragment = () =>
    `fragment ${pick(['F0', 'F1', 'F2', 'F3'])} on ${name()} ${maybe(directives, 0.1)}${set(0)}`
  const definition = () => {
    const kind = random()
    if (kind < 0.4) return operation()
    return kind < 0.75 ? fragment() : set(0)
  }
  return `${maybe(() => pick(SPACES), 0.2)}${some(definition, 4)}${maybe(() => pick(SPACES), 0.2)}`
}

const PIECES = [
  ...'{ } ( ) [ ] : = ! $ @ | & ... .. . " """ \\""" \\ \\u \\u{ \\uD800 # - 0 01 1. 1e -'.split(
    ' ',
  ),
  ...'on query fragment type extend null { {} () [] F0 é \u00a0 \u0000 \u0007 \ud800 \udc00 \ufeff'.split(
    ' ',
  ),
  ' ',
  '\n',
  '\r',
  ',',
  '"text"',
  'enum',
  'fragment on on T {a}',
  '"description" query {a}',
]
const TOKENS = /"""[^]*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|[_A-Za-z]\w*|-?\d[\d.eE+-]*|\s+|[^]/g

/** One to three tokens, characters or pieces removed, repeated, exchanged or put in. */
export function damage(text: string, random: Random): string {
  let damaged = text
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    const parts = random() < 0.7 ? (damaged.match(TOKENS) ?? []) : damaged.split('')
    const at = Math.floor(random() * parts.length)
    const piece = PIECES[Math.floor(random() * PIECES.length)] ?? ''
    const other = parts[Math.floor(random() * parts.length)] ?? ''
    const kind = Math.floor(random() * 6)
    if (kind === 0) parts.splice(at, 1)
    else if (kind === 1) parts.splice(at, 0, parts[at] ?? '')
    else if (kind === 2) parts.splice(at, 0, piece)
    else if (kind === 3) parts.splice(at, 1, piece)
    else if (kind === 4) parts.splice(at, 1, other)
    else parts.splice(at)
    damaged = parts.join('')
  }
  return damaged
}

/** The text as a JSON string in which any character may be escaped. */
export function escapedJson(text: string, random: Random): string {
  const rate = random() < 0.5 ? 0 : random() * 0.4
  if (rate === 0) return JSON.stringify(text)
  let json = '"'
  for (const unit of text.split('')) {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, '0')
    json +=
      random() < rate
        ? `\\u${random() < 0.5 ? hex : hex.toUpperCase()}`
        : JSON.stringify(unit).slice(1, -1)
  }
  return `${json}"`
}
