import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeTemporaryDirectory, readText } from '../support/edge.ts'

const main = join(import.meta.dirname, '../../edge/main.ts')

describe('npm start', () => {
  test('says ready with both addresses, and once only the token; a signal ends it with 0', async () => {
    const stateDir = makeTemporaryDirectory()
    const first = run({ STATE_DIR: stateDir })
    const said = await waitForReady(first)
    const token = readFileSync(join(stateDir, 'api-token'), 'utf8').trim()
    expect(said).toContain(token)
    const [, httpUrl = ''] =
      /^ready https:\/\/127\.0\.0\.1:\d+ (http:\/\/127\.0\.0\.1:\d+)$/m.exec(said) ?? []
    expect((await fetch(`${httpUrl}/temps`)).status).toBeGreaterThan(0)
    first.kill('SIGTERM')
    expect(await once(first, 'exit')).toEqual([0, null])

    const second = run({ STATE_DIR: stateDir })
    expect(await waitForReady(second)).not.toContain(token)
    second.kill('SIGINT')
    expect(await once(second, 'exit')).toEqual([0, null])
  })

  test('after kill -9 the next start takes over, and what was left running is gone', async () => {
    const stateDir = makeTemporaryDirectory()
    const first = run({ STATE_DIR: stateDir })
    await waitForReady(first)
    const runtimePid = Number(
      readFileSync(join(stateDir, 'lock'), 'utf8').split('\n')[1]?.split(' ')[0],
    )
    first.kill('SIGKILL')
    await once(first, 'exit')
    expect(isProcess(runtimePid)).toBe(true)

    const second = run({ STATE_DIR: stateDir })
    await waitForReady(second)
    expect(isProcess(runtimePid)).toBe(false)
    second.kill('SIGTERM')
    await once(second, 'exit')
  })

  test('a signal during the start is obeyed', async () => {
    const child = run({})
    await once(child.stderr ?? child, 'data')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('one line and an exit code', () => {
  test('for an environment that is wrong: 2', async () => {
    const child = run({ HTTP_PORT: 'http' })
    const [said, [code]] = await Promise.all([readText(child.stderr), once(child, 'exit')])
    expect(said).toBe('portcullis: HTTP_PORT must be a port from 0 to 65535, it is "http"\n')
    expect(code).toBe(2)
  })

  test('for a state directory that cannot be one: 1', async () => {
    const stateDir = join(makeTemporaryDirectory(), 'file')
    writeFileSync(stateDir, '')
    const child = run({ STATE_DIR: stateDir })
    const [said, [code]] = await Promise.all([readText(child.stderr), once(child, 'exit')])
    expect(said).toMatch(/^portcullis: the state directory .* cannot be used: EEXIST.*\n$/)
    expect(code).toBe(1)
  })

  test('for a port in use: 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' ? address?.port : 0
    const child = run({ HTTPS_PORT: String(port) })
    const [said, [code]] = await Promise.all([readText(child.stderr), once(child, 'exit')])
    expect(said).toContain(`portcullis: port ${port} is in use; set HTTP_PORT or HTTPS_PORT\n`)
    expect(code).toBe(1)
  })
})

/** With free ports and, unless it is given, a state directory of its own. */
function run(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      HTTP_PORT: '0',
      HTTPS_PORT: '0',
      STATE_DIR: makeTemporaryDirectory(),
      SEED: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Everything on standard output up to the line `ready`. */
async function waitForReady(child: ReturnType<typeof run>): Promise<string> {
  let said = ''
  let complained = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complained += chunk.toString()
  })
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += String(chunk)
    if (/^ready .*\n/m.test(said)) return said
  }
  throw new Error(complained)
}

function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // ESRCH is how the system says no.
    return false
  }
}
