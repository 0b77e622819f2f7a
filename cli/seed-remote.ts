/**
 * Seeds a deployed shield without its management API: writes the checked files into its KV namespace with
 * wrangler, which has the operator's login, and leaves the rest to the Worker's schedule.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ConfigurationFile } from './configuration-files.ts'

export type RemoteSeed = {
  readonly files: readonly ConfigurationFile[]
  readonly zoneId: string
  /** The directory of the wrangler.toml. */
  readonly root: string
  /** Runs wrangler with these arguments and resolves with its exit code; see `runWrangler`. */
  readonly wrangler: (commandLine: readonly string[], cwd: string) => Promise<number>
}

/** Resolves with wrangler's exit code, 0 when the files are written. */
export async function seedRemote({ files, zoneId, root, wrangler }: RemoteSeed): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-seed-'))
  try {
    const path = join(directory, 'seed.json')
    await writeFile(path, JSON.stringify(files))
    const key = `zone:${zoneId}:seed`
    const commandLine = [
      'kv',
      'key',
      'put',
      '--remote',
      '--binding',
      'CONFIGURATION',
      key,
      '--path',
      path,
    ]
    return await wrangler(commandLine, root)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Runs this project's wrangler on this terminal, because it may have to ask for a login. */
export async function runWrangler(commandLine: readonly string[], cwd: string): Promise<number> {
  const manifest = createRequire(import.meta.url).resolve('wrangler/package.json')
  const program = join(dirname(manifest), 'bin', 'wrangler.js')
  const child = spawn(process.execPath, [program, ...commandLine], { cwd, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}
