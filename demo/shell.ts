/**
 * Runs the programs of the demo as a person at a terminal would: no shell in between, output collected, and
 * an end to every wait. Never throws; a program that cannot run has the exit code a shell would give it.
 */
import { spawn } from 'node:child_process'

export type Command = {
  readonly program: string
  readonly options: readonly string[]
  /** Beside the environment of the demo itself. */
  readonly environment?: Readonly<Record<string, string>>
}

export type Output = {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

const NOT_FOUND = 127
const TIMEOUT_MS = 20_000
const OUTPUT_CHARACTERS_MAX = 100_000

/** Runs a program to its end, which comes after 20 seconds at the latest. */
export async function run({ program, options, environment }: Command): Promise<Output> {
  const child = spawn(program, options, {
    // The demo talks to this machine alone: a proxy has no place in between.
    env: {
      ...process.env,
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout = (stdout + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX)
  })
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ exitCode: NOT_FOUND, stdout, stderr: error.message }))
    child.on('close', (code, signal) => {
      const killed = `${program} was ended by ${signal ?? 'nobody'}`
      resolve(
        code === null
          ? { exitCode: 1, stdout, stderr: killed }
          : { exitCode: code, stdout, stderr },
      )
    })
  })
}

/** Whether a program is there and takes these options. */
export async function isInstalled(
  program: string,
  ...options: readonly string[]
): Promise<boolean> {
  const { exitCode } = await run({ program, options })
  return exitCode === 0
}

/** What a program said, shortest first: for a line that tells why a step went wrong. */
export function complaint({ exitCode, stdout, stderr }: Output): string {
  const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? ''
  return `exit ${exitCode}: ${said}`
}
