/**
 * What it costs to check a token, against the signature check alone and against `jose.jwtVerify`, measured in workerd: Node hands
 * signatures to other threads, which hides what they cost. `ratio` is to the reference of the same run.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorker } from '../edge/bundle.ts'
import { type Runtime, startRuntime } from '../edge/runtime.ts'
import { canary, createRandom, measure, quantile, rounded } from './harness.ts'

type Row = { readonly [name: string]: unknown }

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']
const CHECKS = ['subtle', 'uncached', 'cached', 'jose', 'nothing']
const ROUNDS = 15
/** CPU that one check works in one round. */
const TURN_MS = 80

export async function* benchTokens(): AsyncGenerator<Row> {
  yield { bench: 'canary', ns: rounded(measure([canary]).get('canary')?.nsMedian ?? Number.NaN) }
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-bench-'))
  try {
    const worker = await startWorker(directory)
    try {
      for (const algorithm of ALGORITHMS) yield await benchAlgorithm(worker, algorithm)
    } finally {
      await worker.runtime.stop()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

type BenchWorker = { readonly runtime: Runtime; readonly pid: number }

async function benchAlgorithm(worker: BenchWorker, algorithm: string): Promise<Row> {
  // The first request of an algorithm makes its keys and tokens.
  await turn(worker, { algorithm, check: 'nothing', times: 1 })
  const runners: { check: string; times: number; ns: number[] }[] = []
  for (const check of CHECKS) {
    const times = await calibrate(worker, { algorithm, check })
    runners.push({ check, times, ns: [] })
  }
  const random = createRandom(1)
  for (let round = 0; round < ROUNDS; round++) {
    const order = runners.map((runner) => ({ runner, place: random() }))
    for (const { runner } of order.toSorted((a, b) => a.place - b.place)) {
      const { check, times } = runner
      runner.ns.push((await turn(worker, { algorithm, check, times })) / times)
    }
  }
  const rounds = new Map(runners.map(({ check, ns }) => [check, ns]))
  const nsOf = (check: string) => quantile(rounds.get(check) ?? [], 0.5)
  // Within a round the machine is the same for all.
  const ratio = (check: string, to: string) => {
    const others = rounds.get(to) ?? []
    return quantile(
      (rounds.get(check) ?? []).map((ns, round) => ns / (others[round] ?? Number.NaN)),
      0.5,
    )
  }
  const cached = nsOf('cached') - nsOf('nothing')
  return {
    bench: 'tokens in workerd',
    algorithm,
    subtle_verify_ns: rounded(nsOf('subtle')),
    uncached_ns: rounded(nsOf('uncached')),
    uncached_ratio: rounded(ratio('uncached', 'subtle')),
    jose_ns: rounded(nsOf('jose')),
    jose_ratio: rounded(ratio('jose', 'subtle')),
    cached_ns: rounded(cached),
    cached_times_faster_than_jose: rounded((nsOf('jose') - nsOf('nothing')) / cached),
  }
}

async function startWorker(directory: string): Promise<BenchWorker> {
  const configPath = join(import.meta.dirname, 'tokens.toml')
  const bundleDir = join(directory, 'bundle')
  const bundled = await bundleWorker({ configPath, outDir: bundleDir })
  if (!bundled.ok) throw new Error(bundled.error.output)
  const pids: number[] = []
  const started = await startRuntime({
    workers: [{ name: 'token-bench', configPath, bundleDir, variables: {}, services: {} }],
    storageDir: join(directory, 'storage'),
    onProcess: async (pid) => void pids.push(pid),
  })
  if (!started.ok) throw new Error(started.error)
  return { runtime: started.value, pid: await workerdAmong(pids) }
}

async function workerdAmong(pids: readonly number[]): Promise<number> {
  for (const pid of pids) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).startsWith('workerd')) return pid
  }
  throw new Error('workerd did not start')
}

type Case = { readonly algorithm: string; readonly check: string }

/** How often a turn has to do the work; doubling until then warms it up as well. */
async function calibrate(worker: BenchWorker, each: Case): Promise<number> {
  for (let times = 64; ; times *= 2) {
    const ns = await turn(worker, { ...each, times })
    if (ns >= TURN_MS * 1e6) return Math.max(1, Math.round((times * TURN_MS * 1e6) / ns))
  }
}

/** Nanoseconds of CPU, of all threads. */
async function turn(
  { runtime, pid }: BenchWorker,
  { algorithm, check, times }: Case & { readonly times: number },
): Promise<number> {
  const query = new URLSearchParams({ algorithm, check, times: String(times) })
  const before = await cpuNs(pid)
  const status = await get(runtime, `http://bench.invalid/?${query.toString()}`)
  const after = await cpuNs(pid)
  if (status !== 204) throw new Error(`${check} of ${algorithm} answered ${status}`)
  return after - before
}

function get({ hostname, port }: Runtime, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}

/** The kernel's own account: the first figure is the time on a processor. */
async function cpuNs(pid: number): Promise<number> {
  const tasks = `/proc/${pid}/task`
  let ns = 0
  for (const task of await readdir(tasks)) {
    const [onProcessor] = (await readFile(join(tasks, task, 'schedstat'), 'utf8')).split(' ')
    ns += Number(onProcessor)
  }
  return ns
}
