/**
 * Measures ways of doing the same work inside workerd. Node knows only its own CPU, so the kernel is asked for that of the
 * other process; the ways take turns in a new order each round, as in the harness.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorker } from '../edge/bundle.ts'
import { type Runtime, startRuntime } from '../edge/runtime.ts'
import { createRandom } from './harness.ts'

export type BenchWorker = {
  /** Nanoseconds of CPU of each way for one time, round by round: within a round the machine is the same for all. */
  measure(ways: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>>
  stop(): Promise<void>
}

const ROUNDS = 11
/** CPU that one way works in one round. */
const TURN_MS = 100

/** Bundles and starts the Worker of a file beside this one; it answers `/?way=NAME&times=COUNT`. */
export async function startBenchWorker(configFile: string): Promise<BenchWorker> {
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-bench-'))
  const configPath = join(import.meta.dirname, configFile)
  const bundleDir = join(directory, 'bundle')
  const bundled = await bundleWorker({ configPath, outDir: bundleDir })
  if (!bundled.ok) throw new Error(bundled.error.output)
  const pids: number[] = []
  const started = await startRuntime({
    workers: [{ name: 'bench', configPath, bundleDir, variables: {}, services: {} }],
    storageDir: join(directory, 'storage'),
    onProcess: async (pid) => void pids.push(pid),
  })
  if (!started.ok) throw new Error(started.error)
  const runtime = started.value
  const pid = await workerdAmong(pids)
  return {
    measure: (ways) => measureWays((way, times) => turn({ runtime, pid }, way, times), ways),
    async stop() {
      await runtime.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

type Turn = (way: string, times: number) => Promise<number>

async function measureWays(
  take: Turn,
  ways: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const runners: { way: string; times: number; ns: number[] }[] = []
  for (const way of ways) runners.push({ way, times: await calibrate(take, way), ns: [] })
  const random = createRandom(1)
  for (let round = 0; round < ROUNDS; round++) {
    const order = runners.map((runner) => ({ runner, place: random() }))
    for (const { runner } of order.toSorted((a, b) => a.place - b.place)) {
      runner.ns.push((await take(runner.way, runner.times)) / runner.times)
    }
  }
  return new Map(runners.map(({ way, ns }) => [way, ns]))
}

/** How often a turn has to do the work; doubling until then warms it up as well. */
async function calibrate(take: Turn, way: string): Promise<number> {
  // The first time may make what all the others use.
  await take(way, 1)
  for (let times = 1; ; times *= 2) {
    const ns = await take(way, times)
    if (ns >= TURN_MS * 1e6) return Math.max(1, Math.round((times * TURN_MS * 1e6) / ns))
  }
}

type Process = { readonly runtime: Runtime; readonly pid: number }

async function turn({ runtime, pid }: Process, way: string, times: number): Promise<number> {
  const query = new URLSearchParams({ way, times: String(times) })
  const before = await cpuNs(pid)
  const status = await get(runtime, `http://bench.invalid/?${query.toString()}`)
  const after = await cpuNs(pid)
  if (status !== 200) throw new Error(`${way} answered ${status}`)
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

async function workerdAmong(pids: readonly number[]): Promise<number> {
  for (const pid of pids) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).startsWith('workerd')) return pid
  }
  throw new Error('workerd did not start')
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
