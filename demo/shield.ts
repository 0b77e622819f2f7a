/** A shield of the demo's own: free ports and an empty state directory, both gone when it is closed. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Cloudflare from 'cloudflare'
import { startEdge, type EdgeError } from '../edge/start.ts'
import { err, ok, type Result } from '#engines/result'
import { isInstalled } from './shell.ts'
import type { Tools, World } from './steps/step.ts'

export type Stage = { readonly world: World; readonly close: () => Promise<void> }

/** Starts the shield with nothing in it. The error is for a person; nothing is left behind then. */
export async function openStage(log: (line: string) => void): Promise<Result<Stage, string>> {
  const tools = await chooseTools()
  if (!tools.ok) return tools
  log(`the sensor is ${tools.value.sensor}${WHY[tools.value.sensor]}`)
  log(`keys are made by ${tools.value.keys}${WHY[tools.value.keys]}`)
  await using steps = new AsyncDisposableStack()
  const home = await mkdtemp(join(tmpdir(), 'portcullis-demo-'))
  // A program of an interrupted step may still be writing there.
  steps.defer(() => rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const directory = join(home, 'clients')
  await mkdir(directory, { mode: 0o700 })
  const edge = await startEdge({ httpPort: 0, httpsPort: 0, stateDir: join(home, 'state'), log })
  if (!edge.ok) return err(`the shield does not start: ${detailOf(edge.error)}`)
  steps.defer(edge.value.stop)
  const client = new Cloudflare({
    apiToken: edge.value.apiToken,
    baseURL: `${edge.value.httpUrl}/client/v4`,
  })
  const running = steps.move()
  return ok({
    world: { edge: edge.value, client, tools: tools.value, directory },
    close: () => running.disposeAsync(),
  })
}

/** Said when it is not the first choice. */
const WHY: Readonly<Record<Tools['sensor'] | Tools['keys'], string>> = {
  'sensor.py': '',
  'sensor.sh': ', because python3 with requests is not installed',
  cfssl: '',
  openssl: ', because cfssl is not installed',
}

async function chooseTools(): Promise<Result<Tools, string>> {
  const [hasCurl, hasOpenssl, hasCfssl, hasRequests] = await Promise.all([
    isInstalled('curl', '--version'),
    isInstalled('openssl', 'version'),
    isInstalled('cfssl', 'version'),
    isInstalled('python3', '-c', 'import requests'),
  ])
  if (!hasCurl || !hasOpenssl) return err('the demo needs curl and openssl; install them first')
  return ok({
    sensor: hasRequests ? 'sensor.py' : 'sensor.sh',
    keys: hasCfssl ? 'cfssl' : 'openssl',
  })
}

function detailOf(error: EdgeError): string {
  if ('output' in error) return `${error.reason}\n${error.output}`
  return 'detail' in error ? `${error.reason}: ${error.detail}` : error.reason
}
