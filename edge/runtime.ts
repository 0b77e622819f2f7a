/**
 * Runs the bundled Workers in workerd through Miniflare, with the bindings of their wrangler.toml. The
 * socket it opens trusts whoever connects to it: it is on loopback and only the edge is told of it.
 */
import { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
  type V4WorkerOptionsShape,
} from 'miniflare'
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler'
import { err, ok, type Result } from '#engines/result'
import { locateBundle } from './bundle.ts'
import { LOOPBACK } from './listener.ts'

export type RuntimeWorker = {
  readonly name: string
  readonly configPath: string
  readonly bundleDir: string
  /** Variables and secrets beside, or in place of, those of wrangler.toml. */
  readonly variables: Readonly<Record<string, string>>
  /** Binding name → name of another Worker of this runtime. */
  readonly services: Readonly<Record<string, string>>
}

export type RuntimeOptions = {
  /** The first one gets the requests. */
  readonly workers: readonly [RuntimeWorker, ...RuntimeWorker[]]
  readonly storageDir: string
  /** Called with the id of every process that is started. */
  readonly onProcess: (pid: number) => Promise<void>
}

export type Runtime = {
  readonly hostname: string
  readonly port: number
  /** The first Worker's variables, as it sees them. */
  readonly variables: Readonly<Record<string, unknown>>
  /** The first Worker's cron triggers. */
  readonly crons: readonly string[]
  /** Runs the first Worker's scheduled handler; rejects when that fails. */
  readonly runScheduled: (cron: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts the Workers; resolves once they take requests. The error is what the runtime said. */
export async function startRuntime(options: RuntimeOptions): Promise<Result<Runtime, string>> {
  const recorded: Promise<void>[] = []
  // Miniflare keeps the process it starts to itself.
  const watch = (message: unknown): void => {
    const child = readChildProcess(message)
    child?.once('spawn', () => {
      if (child.pid !== undefined) recorded.push(options.onProcess(child.pid))
    })
  }
  subscribe('child_process', watch)
  const workers = options.workers.map(createWorkerOptions)
  const miniflare = keepSignals(
    () =>
      new Miniflare(
        convertV4MiniflareOptions({
          host: LOOPBACK,
          port: 0,
          // Every request brings its own request.cf.
          cf: false,
          log: new Log(LogLevel.WARN),
          resourcePersistencePath: options.storageDir,
          workers,
        }),
      ),
  )
  try {
    await miniflare.ready
    const url = await miniflare.unsafeGetDirectURL(options.workers[0].name)
    await Promise.all(recorded)
    const variables = workers[0]?.bindings ?? {}
    return ok({
      hostname: url.hostname,
      port: Number(url.port),
      variables,
      crons: readCrons(options.workers[0].configPath),
      async runScheduled(cron) {
        const worker = await miniflare.getWorker(options.workers[0].name)
        const { outcome } = await worker.scheduled({ cron, scheduledTime: new Date() })
        if (outcome !== 'ok') throw new Error(`the outcome was ${outcome}`)
      },
      stop: () => miniflare.dispose(),
    })
  } catch (error) {
    await miniflare.dispose()
    return err(error instanceof Error ? error.message : String(error))
  } finally {
    unsubscribe('child_process', watch)
  }
}

/** The bindings wrangler.toml gives the Worker, in Miniflare's words, and the bundle to run with them. */
function createWorkerOptions(worker: RuntimeWorker): V4WorkerOptions {
  const { workerOptions, main } = unstable_getMiniflareWorkerOptions(worker.configPath)
  // A bundle is one module, there is nothing to apply rules to.
  const { modulesRules: _, ...bindings } = workerOptions
  const configured: V4WorkerOptionsShape = bindings
  return {
    ...configured,
    name: worker.name,
    modules: true,
    rootPath: worker.bundleDir,
    scriptPath: locateBundle(worker.bundleDir, main ?? 'index.ts'),
    bindings: { ...configured.bindings, ...worker.variables },
    serviceBindings: {
      ...configured.serviceBindings,
      // What operators' URLs name is fetched from here: workerd refuses private addresses after the name is resolved.
      PUBLIC_NETWORK: {
        network: { allow: ['public'], deny: [], tlsOptions: { trustBrowserCas: true } },
      },
      ...worker.services,
    },
    // CF-Connecting-IP is the edge's word, and the demo origin groups by it.
    stripCfConnectingIp: false,
    unsafeDirectSockets: [{ host: LOOPBACK, port: 0, proxy: true }],
  }
}

function readCrons(configPath: string): readonly string[] {
  return unstable_readConfig({ config: configPath }, { hideWarnings: true }).triggers.crons ?? []
}

/** Miniflare ends the process on a signal, in the middle of what its owner does to stop in good order. */
function keepSignals<T>(create: () => T): T {
  const before = SIGNALS.map((signal) => ({ signal, listeners: process.listeners(signal) }))
  const created = create()
  for (const { signal, listeners } of before) {
    for (const listener of process.listeners(signal)) {
      if (!listeners.includes(listener)) process.off(signal, listener)
    }
  }
  return created
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Node's own channel hands over `{ process }`. */
function readChildProcess(message: unknown): ChildProcess | null {
  if (typeof message !== 'object' || message === null || !('process' in message)) return null
  return message.process instanceof ChildProcess ? message.process : null
}
