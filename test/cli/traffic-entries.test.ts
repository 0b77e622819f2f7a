import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEntryReader, type TrafficEntry } from '../../cli/traffic-entries.ts'

const VECTORS = new URL('../vectors/traffic/', import.meta.url).pathname

function readChunks(chunks: readonly string[]): readonly TrafficEntry[] {
  const reader = createEntryReader()
  const entries = chunks.flatMap((chunk) => reader.push(chunk))
  const last = reader.end()
  if (!last.ok) throw new Error(last.error)
  return [...entries, ...last.value]
}

/** A text cut at the given places. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places)].toSorted((a, b) => a - b)
  return [...ends, text.length].map((end, at) => text.slice(ends[at - 1] ?? 0, end))
}

test.each([
  ['combined.log', 5],
  ['temperatures.har', 5],
  ['temperatures.jsonl', 4],
])('%s: however it is cut into chunks, its %i entries are the same', (file, count) => {
  const text = readFileSync(`${VECTORS}${file}`, 'utf8')
  const whole = readChunks([text])
  expect(whole.map(({ number }) => number)).toEqual(
    Array.from({ length: count }, (_, at) => at + 1),
  )
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (places) => {
      expect(readChunks(cut(text, places))).toEqual(whole)
    }),
  )
})

describe('what is shorter than any line', () => {
  test.each([
    ['nothing', ''],
    ['blanks', ' \n\n '],
  ])('%s has no entries', (_name, text) => {
    expect(readChunks([text])).toEqual([])
  })

  test('empty lines count, but are no entries', () => {
    const [entry] = readChunks(['\n\nhello'])
    expect(entry).toMatchObject({ number: 3, request: { ok: false } })
  })
})

test('a HAR file that breaks off has no entries at all', () => {
  const reader = createEntryReader()
  expect(reader.push('{"log": {"entries": [')).toEqual([])
  expect(reader.end()).toEqual({ ok: false, error: 'this is not JSON' })
})
