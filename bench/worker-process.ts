/**
 * Measures ways of doing the same work inside workerd. Node knows only its own CPU, so the kernel is asked for that of the
 * other process; the ways take turns in a new order each round, as in the harness.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorker } from '../edge/bundle.ts'
import { type RuntimeWorker, startRuntime } from '../edge/runtime.ts'
import { createRandom } from './harness.ts'
import { ask, type Target } from './load.ts'

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
  const running = await startBenchProcess([{ name: 'bench', configFile }])
  return {
    measure: (ways) => measureWays((way, times) => turn(running, way, times), ways),
    stop: () => running.stop(),
  }
}

export type BenchProcess = Target & {
  /** Nanoseconds on a processor, of all its threads, since it started. */
  cpuNs(): Promise<number>
  stop(): Promise<void>
}

type BenchProgram = Pick<RuntimeWorker, 'name'> &
  Partial<Pick<RuntimeWorker, 'variables' | 'services'>> & {
    /** A file beside this one. */
    readonly configFile: string
  }

/** Bundles and starts Workers in one process; the first one gets the requests. */
export async function startBenchProcess([first, ...others]: readonly [
  BenchProgram,
  ...BenchProgram[],
]): Promise<BenchProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-bench-'))
  const pids: number[] = []
  const started = await startRuntime({
    workers: [
      await bundle(first, directory),
      ...(await Promise.all(others.map((program) => bundle(program, directory)))),
    ],
    storageDir: join(directory, 'storage'),
    onProcess: async (pid) => void pids.push(pid),
  })
  if (!started.ok) throw new Error(started.error)
  const { hostname, port, stop } = started.value
  const pid = await workerdAmong(pids)
  return {
    hostname,
    port,
    cpuNs: () => cpuNs(pid),
    async stop() {
      await stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function bundle(
  { name, configFile, variables = {}, services = {} }: BenchProgram,
  directory: string,
): Promise<RuntimeWorker> {
  const configPath = join(import.meta.dirname, configFile)
  const bundleDir = join(directory, name)
  const bundled = await bundleWorker({ configPath, outDir: bundleDir })
  if (!bundled.ok) throw new Error(bundled.error.output)
  return { name, configPath, bundleDir, variables, services }
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

async function turn(running: BenchProcess, way: string, times: number): Promise<number> {
  const query = new URLSearchParams({ way, times: String(times) })
  const before = await running.cpuNs()
  const { status } = await ask(running, { url: `http://bench.invalid/?${query.toString()}` })
  const after = await running.cpuNs()
  if (status !== 200) throw new Error(`${way} answered ${status}`)
  return after - before
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
