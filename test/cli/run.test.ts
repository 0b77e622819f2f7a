/** How a command line is understood, and what is said when it is not. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { runCommand } from './command-line.ts'

const ROOT = new URL('../..', import.meta.url).pathname

describe('help, exit 0', () => {
  test.each([['--help'], ['-h'], ['help']])('%s lists every command', async (word) => {
    const { exitCode, messages, rows } = await runCommand([word])
    expect({ exitCode, rows }).toEqual({ exitCode: 0, rows: [] })
    for (const { name, summary } of COMMANDS) {
      expect(messages.join('\n')).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
    }
  })

  test('a group shows its own commands', async () => {
    const { exitCode, messages } = await runCommand(['rules', '--help'])
    expect(exitCode).toBe(0)
    expect(messages[0]).toContain('rules check')
    expect(messages[0]).not.toContain('replay')
  })

  test.each(COMMANDS.map(({ name }) => name))('%s --help', async (name) => {
    const { exitCode, messages } = await runCommand([...name.split(' '), '--help'])
    expect(exitCode).toBe(0)
    expect(messages[0]).toMatch(new RegExp(`^usage: npm run --silent portcullis -- ${name}\\b`))
    expect(messages[0]).toMatch(/Exit 1 when/)
  })
})

describe('exit 2, and how to do better', () => {
  test('no command', async () => {
    const { exitCode, messages } = await runCommand([])
    expect(exitCode).toBe(2)
    expect(messages[0]).toMatch(/^usage: /)
  })

  test.each([
    [['rules', 'chekc'], 'rules check'],
    [['rule', 'eval'], 'rules eval'],
    [['check'], 'rules check'],
    [['reply', 'a.log'], 'replay'],
    [['Replay'], 'replay'],
  ])('%j is near to %s', async (words, name) => {
    const { exitCode, messages } = await runCommand(words)
    expect(exitCode).toBe(2)
    expect(messages[0]).toContain(`did you mean "${name}"?`)
  })

  test('what is near to nothing gets no suggestion', async () => {
    const { exitCode, messages } = await runCommand(['bananas'])
    expect(exitCode).toBe(2)
    expect(messages[0]).toMatch(/^there is no command "bananas"\n\nusage: /)
  })

  test.each([
    [['rules', 'check', '--fast'], "Unknown option '--fast'"],
    [['rules', 'check', 'file'], '"rules check" takes no operand: file'],
    [['replay', '--rules'], "Option '--rules <value>' argument missing"],
    [['replay'], 'replay needs at least one FILE'],
    [['replay', 'a.log'], 'replay needs --rules DIR, --schemas DIR or both'],
    [['replay', '--rules', 'r', '--schema-action', 'deny', 'a'], '--schema-action must be none'],
    [
      ['replay', '--rules', 'r', '--requests', '-1', 'a'],
      "Option '--requests' argument is ambiguous",
    ],
    [['replay', '--rules', 'r', '--requests', '1e3', 'a'], '--requests must be a number from 0'],
    [['replay', '--rules', 'r', '--requests', '10001', 'a'], '--requests must be a number from 0'],
  ])('%j', async (words, message) => {
    const { exitCode, messages, rows } = await runCommand(words)
    expect({ exitCode, rows }).toEqual({ exitCode: 2, rows: [] })
    expect(messages[0]).toContain(message)
  })
})

describe('as a process', () => {
  test('rows on standard output, messages on standard error, the exit code', async () => {
    const run = await runProcess('{"expression":"ssl"}\nx\n', 'rules', 'check')
    expect(run).toEqual({
      exitCode: 2,
      stdout:
        '{"ok":true,"uses":["ssl"]}\n{"ok":false,"error":{"message":"line 2: this is not JSON"}}\n',
      stderr: 'line 2: this is not JSON\n',
    })
  })
})

async function runProcess(input: string, ...words: readonly string[]) {
  const child = spawn(process.execPath, ['cli/main.ts', ...words], { cwd: ROOT })
  child.stdin.end(input)
  const exitCode = new Promise((resolve) => child.on('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { exitCode: await exitCode, stdout, stderr }
}
