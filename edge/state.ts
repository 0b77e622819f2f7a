/**
 * The state directory: everything that survives a restart of the local edge, readable by its owner alone.
 *
 *   lock             who uses the directory
 *   api-token        bearer token of the management API, unless API_TOKEN is set
 *   sealing-secret   32 bytes in hex, encrypts CA keys at rest
 *   server.crt .key  of the HTTPS listener
 *   bundle/          the Workers as they would be deployed, made at each start
 *   storage/         KV and Durable Objects
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok, type Result } from '#engines/result'
import type { ServerIdentity } from './listener.ts'
import { acquireLock, type Lock } from './lock.ts'
import { isSystemError, readOptionalFile, writePrivateFile } from './private-file.ts'
import { loadServerCertificate } from './server-certificate.ts'

export type StateOptions = {
  readonly stateDir: string
  readonly hostnames: readonly string[]
  /** Absent: the kept one, else a new one. */
  readonly apiToken?: string
  readonly nowMs: number
}

export type State = {
  readonly lock: Lock
  readonly apiToken: string
  /** True when the token did not exist before. */
  readonly isApiTokenNew: boolean
  readonly sealingSecret: string
  readonly identity: ServerIdentity
  /** PEM, for clients to trust. */
  readonly certificatePath: string
  readonly bundleDir: string
  readonly storageDir: string
}

export type StateError =
  | { readonly reason: 'state_locked'; readonly holderPid: number }
  | { readonly reason: 'state_unusable'; readonly detail: string }

/** Opens the directory, making what is missing, and keeps it for this process until the lock is released. */
export async function openState(options: StateOptions): Promise<Result<State, StateError>> {
  try {
    await mkdir(options.stateDir, { recursive: true, mode: 0o700 })
    await chmod(options.stateDir, 0o700)
    const lock = await acquireLock(join(options.stateDir, 'lock'))
    if (!lock.ok) return err({ reason: 'state_locked', holderPid: lock.error.holderPid })
    return ok(await readState(options, lock.value))
  } catch (error) {
    // A directory that cannot be made, read or written is the operator's to mend; anything else is ours.
    if (isSystemError(error)) return err({ reason: 'state_unusable', detail: error.message })
    throw error
  }
}

async function readState(options: StateOptions, lock: Lock): Promise<State> {
  const { stateDir } = options
  const token = await keepSecret(join(stateDir, 'api-token'), options.apiToken ?? null, () =>
    randomBytes(30).toString('base64url'),
  )
  const sealing = await keepSecret(join(stateDir, 'sealing-secret'), null, () =>
    randomBytes(32).toString('hex'),
  )
  return {
    lock,
    apiToken: token.text,
    isApiTokenNew: token.isNew,
    sealingSecret: sealing.text,
    identity: await loadServerCertificate(options),
    certificatePath: join(stateDir, 'server.crt'),
    bundleDir: join(stateDir, 'bundle'),
    storageDir: join(stateDir, 'storage'),
  }
}

type Secret = { readonly text: string; readonly isNew: boolean }

/** A secret given from outside is used and not kept. */
async function keepSecret(path: string, given: string | null, make: () => string): Promise<Secret> {
  if (given !== null) return { text: given, isNew: false }
  const kept = (await readOptionalFile(path))?.trim()
  if (kept !== undefined && kept !== '') return { text: kept, isNew: false }
  const text = make()
  await writePrivateFile(path, `${text}\n`)
  return { text, isNew: true }
}
