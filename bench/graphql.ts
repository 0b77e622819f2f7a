/**
 * What it costs to measure GraphQL bodies: in Node and in workerd, against `JSON.parse` of the same bodies and against
 * graphql-js; the latency of single calls by size of body; and what hostile bodies cost. Ratios are to `JSON.parse` in the
 * same run unless they say otherwise.
 */
import { createGraphqlBodies } from './graphql-bodies.ts'
import { createHostileBodies } from './graphql-hostile.ts'
import { measureBytes, measureTree, prepare, queryOf, WAYS } from './graphql-ways.ts'
import { canary, measure, quantile, rounded } from './harness.ts'
import { startBenchWorker } from './worker-process.ts'

type Row = { readonly [name: string]: unknown }

const BODIES = createGraphqlBodies()

export async function* benchGraphql(): AsyncGenerator<Row> {
  yield* benchNode()
  yield* benchLatency()
  yield* benchHostile()
  yield* benchWorkerd()
}

/** Times that every way does all bodies before anything is measured. */
const WARM_UP = 400

function* benchNode(): Generator<Row> {
  const bodies = prepare(BODIES)
  const cases = Object.entries(WAYS).map(([name, way]) => ({
    name,
    run: (times: number) => {
      let sum = 0
      for (let turn = 0; turn < times; turn++) sum ^= way(bodies)
      return sum
    },
  }))
  // Compiled code is what a Worker runs; how often a turn does the work is found out with that.
  for (const { run } of cases) run(WARM_UP)
  const measured = measure([canary, ...cases], { rounds: 21, turnMs: 40 })
  const nsOf = (name: string) => measured.get(name)?.nsMedian ?? Number.NaN
  yield { bench: 'canary', ns: rounded(nsOf('canary')) }
  yield* rowsOf('GraphQL in Node', nsOf)
}

/** Cases in workerd take turns as those in Node do; the CPU is that of its process. */
async function* benchWorkerd(): AsyncGenerator<Row> {
  const worker = await startBenchWorker('graphql.toml')
  try {
    const measured = await worker.measure(Object.keys(WAYS))
    yield* rowsOf('GraphQL in workerd', (name) => quantile(measured.get(name) ?? [], 0.5))
  } finally {
    await worker.stop()
  }
}

function* rowsOf(bench: string, nsOf: (name: string) => number): Generator<Row> {
  for (const way of Object.keys(WAYS)) {
    yield {
      bench,
      way,
      us_per_body: rounded(nsOf(way) / BODIES.length / 1000),
      ratio: rounded(nsOf(way) / nsOf('JSON.parse')),
      ratio_to_this_engine: rounded(nsOf(way) / nsOf('this engine')),
    }
  }
}

const CALLS = 20_000

/** Wall time of single calls, the bodies taking turns. */
function* benchLatency(): Generator<Row> {
  for (const bytesMax of [2_200, 6_000]) {
    const bodies = BODIES.filter(({ text }) => text.length <= bytesMax)
    const ours = latencies(
      prepare(bodies).map(
        ({ bytes }) =>
          () =>
            measureBytes(bytes),
      ),
      CALLS,
    )
    const theirs = latencies(
      bodies.map(
        ({ text }) =>
          () =>
            measureTree(queryOf(text)),
      ),
      CALLS / 10,
    )
    yield {
      bench: 'GraphQL latency in Node',
      body_bytes_max: bytesMax,
      us_p50: rounded(quantile(ours, 0.5)),
      us_p95: rounded(quantile(ours, 0.95)),
      us_p99: rounded(quantile(ours, 0.99)),
      parse_and_visit_us_p95: rounded(quantile(theirs, 0.95)),
    }
  }
}

function latencies(calls: readonly (() => number)[], times: number): readonly number[] {
  const microseconds: number[] = []
  for (let turn = 0; turn < times; turn++) {
    for (const call of calls) {
      const start = performance.now()
      call()
      microseconds.push((performance.now() - start) * 1000)
    }
  }
  // The first half has seen the code before it was compiled.
  return microseconds.slice(microseconds.length / 2)
}

function* benchHostile(): Generator<Row> {
  for (const { name, text } of createHostileBodies()) {
    const bytes = new TextEncoder().encode(text)
    const measured = measure(
      [
        { name: 'ours', run: repeated(() => measureBytes(bytes)) },
        { name: 'JSON.parse', run: repeated(() => queryOf(text).length) },
      ],
      { rounds: 9, turnMs: 6 },
    )
    const ours = measured.get('ours')?.nsMedian ?? Number.NaN
    const reference = measured.get('JSON.parse')?.nsMedian ?? Number.NaN
    yield {
      bench: 'hostile GraphQL',
      name,
      bytes: bytes.length,
      ms: rounded(ours / 1e6),
      ratio: rounded(ours / reference),
    }
  }
}

function repeated(work: () => number): (times: number) => number {
  return (times) => {
    let sum = 0
    for (let turn = 0; turn < times; turn++) sum ^= work()
    return sum
  }
}
