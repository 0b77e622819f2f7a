/**
 * What an evaluation of the rules language costs: against predicates written by hand, for real expressions, to compile, for
 * a thousand rules, and for hostile patterns. `ratio` is to the reference of the same run.
 */
import type { CompiledExpression } from '#engines/expressions'
import { compileForBench, median } from './evaluation.ts'
import { type BenchCase, canary, measure, type Measurement, rounded } from './harness.ts'
import { benchHostilePatterns } from './hostile-patterns.ts'
import { HAND_WRITTEN } from './predicates.ts'
import { readRealExpressions } from './real-expressions.ts'
import { createRequests, type PlainRequest } from './requests.ts'
import { benchRules } from './rules.ts'
import { createCursor, createValuesCursor, type Cursor } from './sources.ts'

type Row = { readonly [name: string]: unknown }

const REQUESTS = 4096

export async function* benchExpressions(): AsyncGenerator<Row> {
  const requests = createRequests(REQUESTS)
  yield* benchHandWritten(requests)
  yield* benchReal()
  yield* benchRules(requests)
  yield* benchHostilePatterns()
}

/** The figure that counts: how much slower than what a person would write. Both sides are called by the same loop. */
function* benchHandWritten(requests: readonly PlainRequest[]): Generator<Row> {
  const pairs = HAND_WRITTEN.map(({ name, expression, byHand }) => ({
    name,
    holds: evaluator(compileForBench(expression), createCursor()),
    byHand,
  }))
  for (const { name, holds, byHand } of pairs) {
    const other = requests.find((request) => byHand(request) !== holds(request))
    if (other !== undefined) throw new Error(`"${name}" disagrees on ${JSON.stringify(other)}`)
  }
  const measured = measure([
    canary,
    ...pairs.map(({ name, holds }) => ({ name, run: turns(requests, holds) })),
    ...pairs.map(({ name, byHand }) => ({
      name: `${name} by hand`,
      run: turns(requests, byHand),
    })),
  ])
  yield { bench: 'canary', ns: rounded(nsOf(measured, 'canary')) }
  const ratios: number[] = []
  for (const { name } of pairs) {
    const ns = nsOf(measured, name)
    const byHandNs = nsOf(measured, `${name} by hand`)
    const ratio = ns / byHandNs
    ratios.push(ratio)
    const figures = { ns: rounded(ns), by_hand_ns: rounded(byHandNs), ratio: rounded(ratio) }
    yield { bench: 'against hand-written', expression: name, ...figures }
  }
  yield { bench: 'against hand-written, all', median_ratio: rounded(median(ratios)) }
}

/** Every real expression over every request. */
function* benchReal(): Generator<Row> {
  const { origin, expressions, requests } = readRealExpressions()
  const compiled = expressions.map((source) => compileForBench(source))
  const eleven = HAND_WRITTEN.at(-1)?.expression ?? ''
  const measured = measure(
    [
      ...compiled.map((each) => ({
        name: each.source,
        run: turns(requests, evaluator(each, createValuesCursor())),
      })),
      { name: 'compile', run: (times) => compileAll(expressions, times) },
      { name: 'compile eleven', run: (times) => compileAll([eleven], times) },
    ],
    { rounds: 9, turnMs: 2 },
  )
  const ns = compiled.map(({ source }) => nsOf(measured, source))
  const sorted = ns.toSorted((a, b) => a - b)
  const slowest = compiled[ns.indexOf(Math.max(...ns))]
  yield {
    bench: 'real expressions',
    origin,
    expressions: expressions.length,
    requests: requests.length,
    median_ns: rounded(median(ns)),
    p90_ns: rounded(sorted[Math.floor(sorted.length * 0.9)] ?? Number.NaN),
    max_ns: rounded(Math.max(...ns)),
    slowest: slowest?.source.slice(0, 120),
    slowest_characters: slowest?.source.length,
  }
  const compileNs = nsOf(measured, 'compile')
  const characters = expressions.reduce((sum, { length }) => sum + length, 0)
  yield {
    bench: 'compile',
    expressions: expressions.length,
    us_per_expression: rounded(compileNs / 1000),
    us_of_eleven_predicates: rounded(nsOf(measured, 'compile eleven') / 1000),
    ns_per_character: rounded((compileNs * expressions.length) / characters),
  }
}

function evaluator<T>(
  compiled: CompiledExpression,
  { source, select }: Cursor<T>,
): (request: T) => boolean {
  return (request) => {
    select(request)
    return compiled.evaluate(source)
  }
}

/** Asks about one item after the other, and counts for how many it holds. */
function turns<T>(items: readonly T[], holds: (item: T) => boolean): BenchCase['run'] {
  return (times) => {
    let held = 0
    for (let left = times; left > 0; left -= items.length) {
      const count = Math.min(left, items.length)
      for (let at = 0; at < count; at++) {
        const item = items[at]
        if (item !== undefined && holds(item)) held += 1
      }
    }
    return held
  }
}

/** `times` expressions, one after the other. */
function compileAll(expressions: readonly string[], times: number): number {
  let fields = 0
  for (let at = 0; at < times; at++) {
    fields += compileForBench(expressions[at % expressions.length] ?? 'ssl').uses.length
  }
  return fields
}

function nsOf(measured: ReadonlyMap<string, Measurement>, name: string): number {
  return measured.get(name)?.nsMedian ?? Number.NaN
}
