/** The bar stays under the messages, and is only drawn where somebody can see it. */
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createTerminal } from '../../cli/terminal.ts'

function streams(isTTY: boolean) {
  const stderr = Object.assign(new PassThrough(), { isTTY })
  const stdout = new PassThrough()
  const terminal = createTerminal({ stdin: new PassThrough(), stdout, stderr, exit })
  return { terminal, stdout, stderr }
}

function exit(): never {
  throw new Error('nobody asked to leave')
}

const ERASE = '\r\u001B[K'

test.each([
  [true, `${ERASE}half${ERASE}hello\nhalf${ERASE}bye\n`],
  [false, 'hello\nbye\n'],
])('standard error is a terminal: %s', async (isTTY, written) => {
  const { terminal, stderr } = streams(isTTY)
  terminal.draw('half')
  terminal.tell('hello')
  terminal.draw('')
  terminal.tell('bye')
  stderr.end()
  expect(await text(stderr)).toBe(written)
})

test('a row waits while the reader is behind', async () => {
  const { terminal, stdout } = streams(false)
  const row = { text: 'x'.repeat(100_000) }
  const printed = terminal.print(row)
  const later = new Promise((resolve) => setImmediate(() => resolve('still waiting')))
  expect(await Promise.race([printed, later])).toBe('still waiting')
  const read = text(stdout)
  await printed
  stdout.end()
  expect(await read).toBe(`${JSON.stringify(row)}\n`)
})
