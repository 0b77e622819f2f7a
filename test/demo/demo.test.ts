/** `npm run demo` tells the whole story: every step of it comes back as told, in time, and nothing stays behind. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

type Run = {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

const DEMO = join(import.meta.dirname, '../../demo/run.ts')

let home: string
let run: Run

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-test-'))
  run = await tell()
})
afterAll(() => rm(home, { recursive: true, force: true }))

async function tell(watch: (child: ChildProcess, stdout: string) => void = () => {}): Promise<Run> {
  const startedMs = Date.now()
  const child = spawn(process.execPath, [DEMO], {
    env: { ...process.env, TMPDIR: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    watch(child, stdout)
  })
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) =>
      resolve({ exitCode, stdout, stderr, seconds: (Date.now() - startedMs) / 1000 }),
    )
  })
}

async function leftBehind(): Promise<readonly string[]> {
  // wrangler notes there when it last looked for a newer version of itself.
  return (await readdir(home)).filter((name) => name !== 'update-check')
}

test('it ends well', () => {
  expect(run, run.stdout).toMatchObject({ exitCode: 0, stderr: '' })
  expect(run.stdout).not.toContain('✗')
})

test.each([
  ['rules/ and schemas/ are put into force', '1 rule, 1 schema, 4 operation, 4 operation_setting'],
  ['the API is open: the sensor sends a reading', '201'],
  ['anybody reads it', '200 [36.5]'],
  ['sensor and phone make keys and signing requests', 'sensor, phone'],
  ['a rule notes who has none', 'log no valid client certificate, block unknown operation'],
  ['without a certificate the sensor still gets through', '201'],
  ['now the rule blocks', 'block no valid client certificate, block unknown operation'],
  ['the sensor without a certificate', '403'],
  ['the sensor with its certificate', '201'],
  ['the stranger presents it', '403'],
  ['a good certificate, a field that nobody asked for', '403'],
  ['a good certificate, a value of the wrong type', '403'],
  ['a good certificate, an unknown path', '403'],
  ['the phone reads what its organisation sent', '200 [36.8]'],
  ['the sensor is lost: its certificate is revoked', 'revoked'],
  ['the phone is none the worse for it', '200 [36.8]'],
  ['the sensor is found again', 'active'],
])('%s → %s', (does, comesBack) => {
  const line = run.stdout.split('\n').find((each) => each.startsWith(`✓ ${does} `))
  expect(line?.split(' → ')[1]).toBe(comesBack)
})

test.each([
  ['why was the bare sensor stopped?', 'client-certificate not_presented'],
  ['why was the stranger stopped?', 'client-certificate self_signed'],
  ['why was the field stopped?', 'body $.admin'],
  ['why was the type stopped?', 'body $.temperature invalid_type'],
  ['why was the path stopped?', '"unknown operation"'],
  ['why was the lost sensor stopped?', 'client-certificate revoked'],
])('%s %s', (does, reason) => {
  expect(run.stdout.split('\n').find((line) => line.startsWith(`✓ ${does} `))).toContain(reason)
})

test('it takes less than a minute', () => {
  expect(run.seconds).toBeLessThan(60)
})

test('it leaves nothing behind', async () => {
  expect(await leftBehind()).toEqual([])
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'stopped by %s it leaves nothing behind either',
  async (signal) => {
    const stopped = await tell((child, stdout) => {
      if (stdout.split('✓').length === 4) child.kill(signal)
    })
    expect(stopped).toMatchObject({ exitCode: 130, stderr: '' })
    expect(stopped.stdout).not.toContain('✗')
    expect(await leftBehind()).toEqual([])
  },
)
