import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeBytes } from '../../../../../engines/expressions/values/bytes.ts'
import { compileRegex } from '../../../../../engines/expressions/values/regex.ts'
import { createFinder } from '../../../../../engines/expressions/values/regex/captures.ts'
import { buildNfa } from '../../../../../engines/expressions/values/regex/nfa.ts'
import { parseRegex } from '../../../../../engines/expressions/values/regex/parser.ts'
import { createSearch } from '../../../../../engines/expressions/values/regex/search.ts'

type Case = {
  readonly subject?: string
  readonly subject_hex?: string
  readonly match: boolean
  readonly groups?: readonly (readonly [number, number] | null)[]
}
type Row = { readonly pattern: string; readonly error?: string; readonly cases?: readonly Case[] }

const path = new URL('../../../../vectors/regex/rust-regex.jsonl', import.meta.url).pathname
const rows = readFileSync(path, 'utf8')
  .trim()
  .split('\n')
  .map((line): Row => JSON.parse(line))

describe('the verdict of Rust', () => {
  test.each(rows.filter((row) => row.error !== undefined))('refused: $pattern', (row) => {
    const compiled = compileRegex(row.pattern)
    expect(compiled.ok).toBe(false)
    const code = compiled.ok ? undefined : compiled.error.code
    expect(code === 'pattern_too_large').toBe(row.error === 'size')
  })

  test.each(rows.filter((row) => row.cases !== undefined))('accepted: $pattern', (row) => {
    const compiled = compileRegex(row.pattern)
    const verdicts = row.cases?.map((item) => compiled.ok && compiled.value(subjectOf(item)))
    expect(verdicts).toEqual(row.cases?.map((item) => item.match))
  })
})

describe('what Rust finds, and where', () => {
  const small = rows.filter((row) => !/\d{4,}\}/.test(row.pattern))
  test.each(small.filter((row) => row.cases?.some((item) => item.groups)))('$pattern', (row) => {
    const parsed = parseRegex(row.pattern)
    if (!parsed.ok) throw new Error(parsed.error.message)
    const nfa = buildNfa(parsed.value)
    const find = createFinder(nfa)
    // The search without the shortcuts for plain text and for the ends of a pattern.
    const search = createSearch(nfa)
    for (const item of row.cases ?? []) {
      const slots = find(subjectOf(item))
      expect(search(subjectOf(item))).toBe(item.match)
      expect(slots !== undefined).toBe(item.match)
      const groups = item.groups?.map((_, group) => {
        const first = slots?.get(2 * group)
        const last = slots?.get(2 * group + 1)
        return first === undefined || last === undefined ? null : [first, last]
      })
      expect(groups).toEqual(item.groups)
    }
  })
})

function subjectOf({ subject, subject_hex: hex }: Case): string {
  return subject ?? decodeBytes(Buffer.from(hex ?? '', 'hex'))
}
