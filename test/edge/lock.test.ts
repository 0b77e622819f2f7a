import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { acquireLock } from '../../edge/lock.ts'
import { identifyProcess } from '../../edge/process-identity.ts'
import { makeTemporaryDirectory } from '../support/edge.ts'

test('is held by one and free again after release', async () => {
  const path = join(makeTemporaryDirectory(), 'lock')
  const first = await acquireLock(path)
  if (!first.ok) throw new Error('not acquired')
  expect(await acquireLock(path)).toEqual({ ok: false, error: { holderPid: process.pid } })
  await first.value.release()
  expect(existsSync(path)).toBe(false)
  expect((await acquireLock(path)).ok).toBe(true)
})

test('of two that come at once, one gets it', async () => {
  const path = join(makeTemporaryDirectory(), 'lock')
  const results = await Promise.all([acquireLock(path), acquireLock(path), acquireLock(path)])
  expect(results.filter((result) => result.ok)).toHaveLength(1)
})

test.each([
  { name: 'a process that has ended', text: '4194304 12345\n' },
  { name: 'another process with a number used again', text: `${process.pid} 1\n` },
  { name: 'nobody', text: '' },
  { name: 'text that says nothing', text: 'hello\n' },
])('left by $name is taken over', async ({ text }) => {
  const path = join(makeTemporaryDirectory(), 'lock')
  writeFileSync(path, text)
  expect((await acquireLock(path)).ok).toBe(true)
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
})

test('the runtime that a killed edge left running is ended before the lock changes hands', async () => {
  const path = join(makeTemporaryDirectory(), 'lock')
  const orphan = spawn('sleep', ['60'])
  onTestFinished(() => void orphan.kill('SIGKILL'))
  await once(orphan, 'spawn')
  const identity = identifyProcess(orphan.pid ?? 0)
  writeFileSync(path, `4194304 12345\n${identity?.pid} ${identity?.begun}\n`)
  const exit = once(orphan, 'exit')
  expect((await acquireLock(path)).ok).toBe(true)
  expect(await exit).toEqual([null, 'SIGKILL'])
})

test('a process that only has the number of the runtime is left alone', async () => {
  const path = join(makeTemporaryDirectory(), 'lock')
  const bystander = spawn('sleep', ['60'])
  onTestFinished(() => void bystander.kill('SIGKILL'))
  await once(bystander, 'spawn')
  writeFileSync(path, `4194304 12345\n${bystander.pid} 1\n`)
  expect((await acquireLock(path)).ok).toBe(true)
  expect(bystander.exitCode).toBeNull()
  expect(identifyProcess(bystander.pid ?? 0)).not.toBeNull()
})
