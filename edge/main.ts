/**
 * `npm start`: the local edge in the foreground, by the environment contract of settings.ts. Standard
 * output says when it is ready and where; progress and errors go to standard error. Exit 0 when told to
 * stop, 1 when it cannot start, 2 when the environment is wrong.
 */
import { join, relative } from 'node:path'
import { seedRunning } from '../cli/seed-running.ts'
import { describeOutcome } from '../cli/seed-words.ts'
import { readSettings } from './settings.ts'
import { startEdge, type Edge, type EdgeError } from './start.ts'

const settings = readSettings(process.env)
if (!settings.ok) {
  console.error(`portcullis: ${settings.error}`)
  process.exit(2)
}
const { stateDir } = settings.value
const starting = startEdge({
  ...settings.value,
  startsClosed: true,
  log: (line) => console.error(`portcullis: ${line}`),
})
let isStopping = false
// Not `once`: wrangler brings a listener that ends the process when it finds itself the only one left.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop())

const edge = await starting
if (!edge.ok) {
  console.error(`portcullis: ${explain(edge.error)}`)
  process.exit(1)
}
if (settings.value.seed && !isStopping) await seed(edge.value)
if (!isStopping) {
  edge.value.open()
  announce(edge.value)
}

/** A stop that comes during the start waits for it: what was half begun would be left behind. */
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  const started = await starting
  if (started.ok) await started.value.stop()
  process.exit()
}

/** Before the doors open: a shield without its rules would let everything through. */
async function seed(running: Edge): Promise<void> {
  const { httpUrl: url, apiToken: token, zoneId } = running
  const outcome = await seedRunning({ url, token, zoneId, root: join(import.meta.dirname, '..') })
  const { lines, exitCode } = describeOutcome(outcome)
  for (const line of lines) console.error(`portcullis: ${line}`)
  if (exitCode === 0) return
  console.error(
    'portcullis: rules/ and schemas/ were not taken, so it does not start (SEED=0 starts without)',
  )
  isStopping = true
  await running.stop()
  process.exit(1)
}

function announce({ apiToken, isApiTokenNew, httpsUrl, httpUrl, certificatePath }: Edge): void {
  const tokenPath = relative('.', join(stateDir, 'api-token'))
  if (isApiTokenNew) console.log(`API token, kept in ${tokenPath}: ${apiToken}`)
  console.log(`certificate to trust: ${relative('.', certificatePath)}`)
  console.log(`ready ${httpsUrl} ${httpUrl}`)
}

function explain(error: EdgeError): string {
  switch (error.reason) {
    case 'state_locked':
      return `${stateDir} is in use by another edge, process ${error.holderPid}; set STATE_DIR to run a second one`
    case 'state_unusable':
      return `the state directory ${stateDir} cannot be used: ${error.detail}`
    case 'bundle_failed':
      return `${relative('.', error.configPath)} could not be bundled:\n${error.output}`
    case 'runtime_failed':
      return `the Worker could not be started: ${error.detail}`
    case 'port_unavailable':
      return error.code === 'EADDRINUSE'
        ? `port ${error.port} is in use; set HTTP_PORT or HTTPS_PORT`
        : `port ${error.port} cannot be had: ${error.code}`
  }
}
