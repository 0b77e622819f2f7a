/**
 * Starts the local edge: the shield as it would be deployed, behind real TLS, on this machine alone. It
 * takes the state directory for itself, and leaves nothing running when it fails or is stopped.
 */
import { join } from 'node:path'
import { err, ok, type Result } from '#engines/result'
import { bundleWorker, type BundleError } from './bundle.ts'
import type { ForwardTarget } from './forward.ts'
import { defaultEdgeLimits, type EdgeLimits } from './limits.ts'
import { LOOPBACK, startListener, type Listener, type ServerIdentity } from './listener.ts'
import { startRuntime, type Runtime, type RuntimeWorker } from './runtime.ts'
import { startSchedule } from './schedule.ts'
import { openState, type State, type StateError } from './state.ts'
import { createWorkerAgent } from './worker-agent.ts'

export type EdgeOptions = {
  /** 0 takes a free port. */
  readonly httpPort: number
  /** 0 takes a free port. */
  readonly httpsPort: number
  readonly stateDir: string
  /** The API behind the shield. Absent: the demo origin, run beside it. */
  readonly originUrl?: string
  /** Absent: the one kept in the state directory, made on its first use. */
  readonly apiToken?: string
  /** Absent: that of wrangler.toml. */
  readonly zoneId?: string
  /** Absent: that of wrangler.toml. */
  readonly accountId?: string
  /** Key sets and revocation lists may come from private addresses and over http. */
  readonly allowsPrivateSources?: boolean
  /** Host names the server certificate is good for beside localhost. */
  readonly hostnames?: readonly string[]
  /** The Worker to run. Absent: the wrangler.toml of this repository. */
  readonly workerConfigPath?: string
  readonly limits?: Partial<EdgeLimits>
  /** True: until `open` is called only management calls are carried, so that nothing passes before its rules are there. */
  readonly startsClosed?: boolean
  /** Progress, one line at a time. */
  readonly log: (line: string) => void
}

export type Edge = {
  readonly httpUrl: string
  readonly httpsUrl: string
  readonly apiToken: string
  /** True when this start made the token. */
  readonly isApiTokenNew: boolean
  readonly zoneId: string
  readonly accountId: string
  /** PEM file to trust the HTTPS listener with, as in curl --cacert. */
  readonly certificatePath: string
  readonly open: () => void
  /** Lets requests under way finish for a while, then ends everything this start began. */
  readonly stop: () => Promise<void>
}

/** The closed list of why an edge does not start. */
export type EdgeError =
  | StateError
  | ({ readonly reason: 'bundle_failed' } & BundleError)
  | { readonly reason: 'runtime_failed'; readonly detail: string }
  | { readonly reason: 'port_unavailable'; readonly port: number; readonly code: string }

/** Starts state, Workers and listeners in that order. */
export async function startEdge(options: EdgeOptions): Promise<Result<Edge, EdgeError>> {
  // Undone in reverse order when a later step fails.
  await using steps = new AsyncDisposableStack()
  const state = await openState({
    ...options,
    hostnames: options.hostnames ?? [],
    nowMs: Date.now(),
  })
  if (!state.ok) return state
  steps.defer(state.value.lock.release)

  const runtime = await runWorkers(options, state.value)
  if (!runtime.ok) return runtime
  steps.defer(runtime.value.stop)

  const { hostname, port, variables } = runtime.value
  const agent = createWorkerAgent({ host: hostname, port })
  steps.defer(() => agent.destroy())
  const limits = { ...defaultEdgeLimits, ...options.limits }
  let isOpen = options.startsClosed !== true
  const doors = await openDoors(options, {
    identity: state.value.identity,
    target: { hostname, port, agent, limits, isOpen: () => isOpen },
  })
  if (!doors.ok) return doors
  steps.defer(() => closeDoors(doors.value))

  const { crons, runScheduled } = runtime.value
  const schedule = startSchedule({ crons, run: runScheduled, report: options.log })
  steps.defer(schedule.stop)

  const running = steps.move()
  return ok({
    httpUrl: `http://${LOOPBACK}:${doors.value.http.port}`,
    httpsUrl: `https://${LOOPBACK}:${doors.value.https.port}`,
    apiToken: state.value.apiToken,
    isApiTokenNew: state.value.isApiTokenNew,
    zoneId: String(variables['ZONE_ID']),
    accountId: String(variables['ACCOUNT_ID']),
    certificatePath: state.value.certificatePath,
    open: () => {
      isOpen = true
    },
    stop: () => running.disposeAsync(),
  })
}

const SHIELD_CONFIG = join(import.meta.dirname, '../wrangler.toml')
const DEMO_ORIGIN_CONFIG = join(import.meta.dirname, '../demo/wrangler.toml')
const DEMO_ORIGIN = 'portcullis-demo-origin'

async function runWorkers(options: EdgeOptions, state: State): Promise<Result<Runtime, EdgeError>> {
  const { log } = options
  const workers = listWorkers(options, state)
  log('bundling the Worker')
  const bundles = await Promise.all(
    workers.map((worker) =>
      bundleWorker({ configPath: worker.configPath, outDir: worker.bundleDir }),
    ),
  )
  for (const bundle of bundles)
    if (!bundle.ok) return err({ reason: 'bundle_failed', ...bundle.error })
  log('starting the Worker')
  const runtime = await startRuntime({
    workers,
    storageDir: state.storageDir,
    onProcess: state.lock.recordRuntime,
  })
  return runtime.ok ? runtime : err({ reason: 'runtime_failed', detail: runtime.error })
}

function listWorkers(
  options: EdgeOptions,
  state: State,
): readonly [RuntimeWorker, ...RuntimeWorker[]] {
  const shield: RuntimeWorker = {
    name: 'portcullis',
    configPath: options.workerConfigPath ?? SHIELD_CONFIG,
    bundleDir: join(state.bundleDir, 'shield'),
    variables: {
      API_TOKEN: state.apiToken,
      SEALING_SECRET: state.sealingSecret,
      ...(options.allowsPrivateSources === true ? { PRIVATE_SOURCES: 'allow' } : {}),
      ...(options.originUrl === undefined ? {} : { ORIGIN_URL: options.originUrl }),
      ...(options.zoneId === undefined ? {} : { ZONE_ID: options.zoneId }),
      ...(options.accountId === undefined ? {} : { ACCOUNT_ID: options.accountId }),
    },
    services: options.originUrl === undefined ? { ORIGIN: DEMO_ORIGIN } : {},
  }
  if (options.originUrl !== undefined) return [shield]
  const demoOrigin: RuntimeWorker = {
    name: DEMO_ORIGIN,
    configPath: DEMO_ORIGIN_CONFIG,
    bundleDir: join(state.bundleDir, 'demo-origin'),
    variables: {},
    services: {},
  }
  return [shield, demoOrigin]
}

type Doors = { readonly http: Listener; readonly https: Listener }

type DoorOptions = { readonly identity: ServerIdentity; readonly target: ForwardTarget }

async function openDoors(
  options: EdgeOptions,
  { identity, target }: DoorOptions,
): Promise<Result<Doors, EdgeError>> {
  const http = await startListener({ port: options.httpPort, identity: null, target })
  if (!http.ok) return err({ reason: 'port_unavailable', ...http.error })
  const https = await startListener({ port: options.httpsPort, identity, target })
  if (https.ok) return ok({ http: http.value, https: https.value })
  await http.value.stop()
  return err({ reason: 'port_unavailable', ...https.error })
}

async function closeDoors(doors: Doors): Promise<void> {
  await Promise.all([doors.http.stop(), doors.https.stop()])
}
