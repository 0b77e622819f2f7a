/** A project directory for a test, with the files it is given, and the seed command run in it. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type Project = {
  readonly root: string
  /** Writes a file, or takes it away when there is no text for it. */
  write(path: string, text: string | Uint8Array | null): Promise<void>
  remove(): Promise<void>
}

export async function createProject(
  files: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), 'portcullis-project-'))
  const project: Project = {
    root,
    async write(path, text) {
      const file = join(root, path)
      await mkdir(dirname(file), { recursive: true })
      if (text === null) await rm(file)
      else await writeFile(file, text)
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
  for (const [path, text] of Object.entries(files)) await project.write(path, text)
  return project
}

export type SeedRun = {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const COMMAND = join(import.meta.dirname, '../../cli/seed.ts')

/** Runs `npm run seed` in the project with nothing of this process's environment that it looks at. */
export async function runSeed(
  root: string,
  environment: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<SeedRun> {
  const child = spawn(process.execPath, [COMMAND, ...options], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: root, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}

export const GOOD_RULES = `phase: http_request_firewall_custom
rules:
  - ref: unknown
    description: unknown operation
    expression: cf.api_gateway.fallthrough_detected
    action: block
`

export const GOOD_SCHEMA = `openapi: 3.1.0
info: { title: Things, version: 1.0.0 }
servers: [{ url: https://things.example.com }]
paths:
  /things:
    get:
      responses: { '200': { description: All of them } }
`
