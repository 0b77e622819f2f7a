/**
 * Patterns and subjects that make a backtracking matcher take exponential or polynomial time. Every subject is measured in
 * growing lengths: in linear time the cost of a character stays what it is, so `growth` (cost of a character for the
 * longest subject over that for the shortest) stays near 1.
 */
import { compileExpression, fieldIndex, type FieldSource } from '#engines/expressions'
import { cpuNs, quantile, rounded } from './harness.ts'

type Row = { readonly [name: string]: unknown }

type Hostile = { readonly pattern: string; readonly subject: (characters: number) => string }

const LENGTHS = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]
const ROUNDS = 9

/** A subject that takes longer than this is not followed by a longer one. */
const GIVE_UP_MS = 1000

const asThenOther = (characters: number) => `${'a'.repeat(characters - 1)}!`
const after = (start: string, unit: string) => (characters: number) =>
  start + unit.repeat((characters - start.length) / unit.length)

/** Subjects hold every text that a match must have, so that looking for it does not end the search at once. */
const HOSTILE: readonly Hostile[] = [
  { pattern: '^(a+)+$', subject: asThenOther },
  { pattern: '^(a|a)*$', subject: asThenOther },
  { pattern: '^(a|aa)+$', subject: asThenOther },
  { pattern: '(a*)*b$', subject: after('b', 'a') },
  { pattern: '.*.*.*=$', subject: after('=', 'a') },
  { pattern: 'a.*b.*c.*d', subject: after('d', 'abc') },
  { pattern: '(x+x+)+y', subject: after('y', 'x') },
  {
    pattern: '^([a-zA-Z0-9])(([._-]|[a-zA-Z0-9])*)@$',
    subject: (characters) => `${'a'.repeat(characters - 2)}@!`,
  },
  { pattern: '(a?){30}a{30}b', subject: after('b', 'a') },
  { pattern: '\\s+$', subject: (characters) => `${' '.repeat(characters - 1)}.` },
  { pattern: '[a-z]+[a-z0-9]*[a-z]*!', subject: after('!', 'a') },
  { pattern: '(?i)(k|\\x{212A}|s)+\\d', subject: after('', 'kS') },
]

export function* benchHostilePatterns(): Generator<Row> {
  for (const hostile of HOSTILE) yield measurePattern(hostile)
}

const PATH = fieldIndex('http.request.uri.path')

function measurePattern({ pattern, subject }: Hostile): Row {
  const row = { bench: 'hostile pattern', pattern }
  const compiled = compileExpression(`http.request.uri.path matches r#"${pattern}"#`)
  if (!compiled.ok) return { ...row, refused: compiled.error.message }
  const nsPerCharacter: number[] = []
  for (const length of LENGTHS) {
    const source = sourceOf(subject(length))
    const rounds = Array.from({ length: ROUNDS }, () =>
      nsOfOne(() => compiled.value.evaluate(source)),
    )
    const ns = quantile(rounds, 0.5)
    nsPerCharacter.push(ns / length)
    if (ns > GIVE_UP_MS * 1e6) break
  }
  const [first = Number.NaN] = nsPerCharacter
  const last = nsPerCharacter.at(-1) ?? Number.NaN
  return {
    ...row,
    characters: LENGTHS.slice(0, nsPerCharacter.length),
    ns_per_character: nsPerCharacter.map(rounded),
    growth: rounded(last / first),
  }
}

/** Often enough that the clock, which counts microseconds, sees something. */
function nsOfOne(work: () => boolean): number {
  for (let times = 1; ; times *= 4) {
    const ns = cpuNs(() => {
      let held = 0
      for (let at = 0; at < times; at++) if (work()) held += 1
      return held
    })
    if (ns > 1e6) return ns / times
  }
}

function sourceOf(path: string): FieldSource {
  return {
    field: (index) => (index === PATH ? path : undefined),
    entry: () => undefined,
  }
}
