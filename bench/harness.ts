/**
 * Measures what pieces of code cost beside one another. All cases take turns, in a new order each round; the cost of a
 * turn is CPU time of the process, and what is reported is the median over the rounds. The machine may be busy: absolute
 * figures move with it, ratios within one run much less. The canary is a loop of known work whose figure tells how the
 * machine felt.
 */

export type BenchCase = {
  readonly name: string
  /** Does the work this many times and answers something that depends on all of it, so that none can be left out. */
  readonly run: (times: number) => number
}

export type Measurement = {
  /** Nanoseconds of CPU for one time. */
  readonly nsMedian: number
  /** The middle half of the rounds lies between these. */
  readonly nsQuarter: number
  readonly nsThreeQuarters: number
}

export type BenchSettings = {
  /** At least 9. */
  readonly rounds: number
  /** Milliseconds that a case works in one round. */
  readonly turnMs: number
}

const benchSettings: BenchSettings = { rounds: 11, turnMs: 8 }

/** By name of the case, which must be unique. */
export function measure(
  cases: readonly BenchCase[],
  { rounds, turnMs }: BenchSettings = benchSettings,
): ReadonlyMap<string, Measurement> {
  const runners = cases.map((each) => ({
    each,
    times: calibrate(each, turnMs),
    ns: new Array<number>(),
  }))
  const random = createRandom(1)
  for (let round = 0; round < rounds; round++) {
    for (const runner of shuffled(runners, random)) {
      runner.ns.push(cpuNs(() => runner.each.run(runner.times)) / runner.times)
    }
  }
  return new Map(runners.map(({ each, ns }) => [each.name, summary(ns)]))
}

/** About one nanosecond a step on a machine of 2023; more when something else is using the core. */
export const canary: BenchCase = {
  name: 'canary',
  run(times) {
    let state = 1
    for (let step = 0; step < times; step++) state = (Math.imul(state, 48_271) ^ step) | 0
    return state
  },
}

/** Reproducible numbers from 0 up to 1 (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Nanoseconds of CPU, user and system, of the whole process: what the collector does for the work is a cost of the work.
 * The kernel brings the figure of a single thread up to date with its ticks only.
 */
export function cpuNs(work: () => number): number {
  const before = process.cpuUsage()
  sink ^= work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1000
}

/** The value that half of the others lie below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Three significant digits: what is behind them is noise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

// What cases answer ends here, where no compiler can see that nobody reads it.
let sink = 0

/** How often a turn has to do the work; doubling until then warms it up as well. */
function calibrate({ run }: BenchCase, turnMs: number): number {
  for (let times = 1; ; times *= 2) {
    const ns = cpuNs(() => run(times))
    if (ns >= turnMs * 1e6) return Math.max(1, Math.round((times * turnMs * 1e6) / ns))
  }
}

function summary(ns: readonly number[]): Measurement {
  return {
    nsMedian: quantile(ns, 0.5),
    nsQuarter: quantile(ns, 0.25),
    nsThreeQuarters: quantile(ns, 0.75),
  }
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [a, b] = [order[last], order[other]]
    if (a === undefined || b === undefined) continue
    order[last] = b
    order[other] = a
  }
  return order
}
