/**
 * Requests to the protected API, made by the programs that clients of it would use: the sensor, curl, and the
 * mobile application's script. Each is told to trust the shield's own certificate and nothing else.
 */
import { join } from 'node:path'
import { complaint, run, type Command, type Output } from '../shell.ts'
import type { Sight, Step, World } from './step.ts'

export type Reading = {
  /** Whose certificate to present, null for none. */
  readonly as: string | null
  readonly celsius: number
  /** Under which name to remember the ray id of the answer. */
  readonly remember?: string
}

/** The sensor sends a reading; saw: the status. */
export function sensorSends({ as, celsius, remember }: Reading): Step['run'] {
  return async (world) => {
    const output = await run({
      ...sensorProgram(world),
      environment: {
        SENSOR_URL: `${world.edge.httpsUrl}/temps`,
        SENSOR_CA: world.edge.certificatePath,
        SENSOR_TEMPERATURE: String(celsius),
        ...(as === null
          ? {}
          : {
              SENSOR_CERT: `${pathOf(world, as)}.pem`,
              SENSOR_KEY: `${pathOf(world, as)}-key.pem`,
            }),
      },
    })
    return { saw: statusIn(output), ...raysIn(output, remember) }
  }
}

export type CurlRequest = {
  readonly as: string | null
  readonly path: string
  /** Sent as JSON with POST; absent: GET. */
  readonly body?: unknown
  readonly remember?: string
}

/** curl makes a request; saw: the status, after a successful GET also the temperatures that are listed. */
export function curlSends({ as, path, body, remember }: CurlRequest): Step['run'] {
  return async (world) => {
    const identity =
      as === null
        ? []
        : ['--cert', `${pathOf(world, as)}.pem`, '--key', `${pathOf(world, as)}-key.pem`]
    const content =
      body === undefined
        ? []
        : ['--header', 'Content-Type: application/json', '--data', JSON.stringify(body)]
    const output = await run({
      program: 'curl',
      options: [
        '--silent',
        '--show-error',
        '--max-time',
        '10',
        '--cacert',
        world.edge.certificatePath,
        // In the words of the other clients, so that all are read alike.
        '--write-out',
        '\nResponse status code: %{http_code}\n',
        ...identity,
        ...content,
        `${world.edge.httpsUrl}${path}`,
      ],
    })
    return { saw: listingIn(output), ...raysIn(output, remember) }
  }
}

/** The mobile application's script lists readings with `<name>.p12`; saw: status and temperatures. */
export function mobileReads(name: string): Step['run'] {
  return async (world) => {
    const output = await run({
      program: MOBILE_SCRIPT,
      options: [],
      environment: {
        MOBILE_URL: `${world.edge.httpsUrl}/temps`,
        MOBILE_P12: `${pathOf(world, name)}.p12`,
        MOBILE_PASSWORD: P12_PASSWORD,
        MOBILE_CA: world.edge.certificatePath,
      },
    })
    return { saw: listingIn(output) }
  }
}

/** Of the PKCS#12 files; they live as long as the demo runs. */
export const P12_PASSWORD = 'demo'

const MOBILE_SCRIPT = join(import.meta.dirname, '../mobile/mobile.sh')
const SENSOR_FOLDER = join(import.meta.dirname, '../sensor')

function sensorProgram({ tools }: World): Pick<Command, 'program' | 'options'> {
  const path = join(SENSOR_FOLDER, tools.sensor)
  return tools.sensor === 'sensor.py'
    ? { program: 'python3', options: [path] }
    : { program: path, options: [] }
}

function pathOf({ directory }: World, name: string): string {
  return join(directory, name)
}

function statusIn(output: Output): string {
  return /^Response status code: (\d{3})$/m.exec(output.stdout)?.[1] ?? complaint(output)
}

function listingIn(output: Output): string {
  const status = statusIn(output)
  const temperatures = status === '200' ? temperaturesIn(output.stdout) : null
  return temperatures === null ? status : `${status} [${temperatures.join(', ')}]`
}

function temperaturesIn(stdout: string): readonly unknown[] | null {
  const text = stdout.slice(0, stdout.lastIndexOf('Response status code:'))
  const listed: unknown = JSON.parse(text)
  if (!Array.isArray(listed)) return null
  return listed.map((reading: unknown) =>
    typeof reading === 'object' && reading !== null && 'temperature' in reading
      ? reading.temperature
      : '?',
  )
}

/** The ray id of a refusal, which each client shows in its own way. */
function raysIn({ stdout, stderr }: Output, remember: string | undefined): Pick<Sight, 'rays'> {
  if (remember === undefined) return {}
  const ray = /\b[0-9a-f]{16}-[A-Z]{3}\b/.exec(`${stdout}\n${stderr}`)?.[0]
  return ray === undefined ? {} : { rays: { [remember]: ray } }
}
