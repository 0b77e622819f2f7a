/** Both sensor programs keep one contract: what they print, and 0 stored, 1 rejected, 2 not sent. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run, type Output } from '../../demo/shell.ts'

type Answer = {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}
type Seen = {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

const STORED: Answer = { status: 201, body: '{"temperature":36.5,"time":"2026-11-22T10:15:30Z"}' }
const REJECTED: Answer = {
  status: 403,
  body: '{"title":"Forbidden","detail":"The request was not allowed.","instance":"00000000000000aa-LCL"}',
}

const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0
if (!hasRequests)
  process.stderr.write('sensor.py skipped: python3 with requests is not installed\n')

const FOLDER = join(import.meta.dirname, '../../demo/sensor')
const PROGRAMS = [
  {
    name: 'sensor.py',
    program: 'python3',
    options: [join(FOLDER, 'sensor.py')],
    isThere: hasRequests,
  },
  { name: 'sensor.sh', program: join(FOLDER, 'sensor.sh'), options: [], isThere: true },
] as const

let api: Server
let url: string
let answer: Answer
let seen: Seen[]

beforeAll(async () => {
  api = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      seen.push({ method: request.method, headers: request.headers, body: JSON.parse(body) })
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  const address = api.address()
  if (address === null || typeof address === 'string') throw new Error('the API has no port')
  url = `http://127.0.0.1:${address.port}/temps`
})
afterAll(() => new Promise((resolve) => api.close(resolve)))
beforeEach(() => {
  answer = STORED
  seen = []
})

describe.each(PROGRAMS.filter(({ isThere }) => isThere))('$name', ({ program, options }) => {
  const sense = (environment: Readonly<Record<string, string>> = {}): Promise<Output> =>
    run({ program, options, environment: { SENSOR_URL: url, ...environment } })

  test('sends a plausible reading as JSON and says that it was stored', async () => {
    const { exitCode, stdout, stderr } = await sense()
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(
      /^Request body: \{"temperature": "3[67]\.\d+", "time": "[^"]+Z"\}\nResponse status code: 201\n$/,
    )
    expect(seen).toMatchObject([
      { method: 'POST', headers: { 'content-type': 'application/json' } },
    ])
  })

  test('sends the given temperature in place of the simulated one', async () => {
    await sense({ SENSOR_TEMPERATURE: '-4.5' })
    expect(seen[0]?.body).toMatchObject({ temperature: '-4.5' })
  })

  test.each([
    { name: 'a problem document', given: REJECTED, shown: 'The request was not allowed.' },
    { name: 'its ray id', given: REJECTED, shown: '00000000000000aa-LCL' },
    { name: 'plain text', given: { status: 502, body: 'no API here' }, shown: 'no API here' },
  ])('a rejection is exit 1 and shows $name', async ({ given, shown }) => {
    answer = given
    const { exitCode, stdout, stderr } = await sense()
    expect(exitCode).toBe(1)
    expect(stdout).toContain(`Response status code: ${given.status}`)
    expect(stderr).toMatch(/^Rejected: /)
    expect(stderr).toContain(shown)
  })

  test('does not follow a redirect, and does not take it for success', async () => {
    answer = { status: 307, body: '', headers: { location: url } }
    expect((await sense()).exitCode).toBe(1)
    expect(seen.length).toBe(1)
  })

  test.each([
    { name: 'nothing answers', environment: { SENSOR_URL: 'http://127.0.0.1:9/temps' } },
    { name: 'a certificate without a key', environment: { SENSOR_CERT: 'a.pem' } },
    { name: 'a key without a certificate', environment: { SENSOR_KEY: 'a.pem' } },
    {
      name: 'files that are not there',
      environment: {
        SENSOR_URL: 'https://127.0.0.1:9/',
        SENSOR_CERT: 'no.pem',
        SENSOR_KEY: 'no.pem',
      },
    },
  ])('exit 2, nothing sent: $name', async ({ environment }) => {
    const { exitCode, stderr } = await sense(environment)
    expect(exitCode).toBe(2)
    expect(stderr).not.toContain('Traceback')
    expect(stderr).not.toBe('')
    expect(seen).toEqual([])
  })
})
