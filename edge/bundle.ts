/**
 * Bundles a Worker with wrangler as a deployment would, so that what runs on this machine is the very code
 * that would be deployed. Nothing is uploaded.
 */
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { err, ok, type Result } from '#engines/result'

export type BundleOptions = {
  /** A wrangler.toml; its `main` is what gets bundled. */
  readonly configPath: string
  /** Emptied first. */
  readonly outDir: string
}

/** `output` is the end of what wrangler said. */
export type BundleError = { readonly configPath: string; readonly output: string }

/** Writes the bundle into `outDir`. */
export async function bundleWorker(options: BundleOptions): Promise<Result<null, BundleError>> {
  await rm(options.outDir, { recursive: true, force: true })
  const run = await runWrangler(options)
  return run.isDone ? ok(null) : err({ configPath: options.configPath, output: run.output })
}

/** The module that `bundleWorker` makes of the entry file `main`. */
export function locateBundle(outDir: string, main: string): string {
  return join(outDir, `${basename(main).replace(/\.[cm]?[jt]s$/, '')}.js`)
}

type Run = { readonly isDone: boolean; readonly output: string }

const OUTPUT_CHARACTERS_MAX = 4000

async function runWrangler({ configPath, outDir }: BundleOptions): Promise<Run> {
  const manifest = createRequire(import.meta.url).resolve('wrangler/package.json')
  const wrangler = join(dirname(manifest), 'bin', 'wrangler.js')
  const child = spawn(
    process.execPath,
    [wrangler, 'deploy', '--dry-run', '--outdir', outDir, '--config', configPath],
    {
      cwd: dirname(configPath),
      env: {
        ...process.env,
        // Nobody is there to answer a question.
        CI: 'true',
        NO_COLOR: '1',
        FORCE_COLOR: '0',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_LOG_PATH: join(outDir, 'log'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ isDone: false, output: error.message }))
    child.on('close', (code) => resolve({ isDone: code === 0, output }))
  })
}
