/**
 * One edge per state directory: two Worker runtimes on the same SQLite files would each believe itself the
 * single writer. The lock names the process that holds it and the runtime it started, so that a lock left
 * by `kill -9` is taken over, and the runtime left running is ended first.
 */
import { randomBytes } from 'node:crypto'
import { link, rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { err, ok, type Result } from '#engines/result'
import { isSystemError, readOptionalFile, writePrivateFile } from './private-file.ts'
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts'

export type Lock = {
  /** Writes down the process id of the Worker runtime, for the next edge to end should this one be killed. */
  readonly recordRuntime: (pid: number) => Promise<void>
  readonly release: () => Promise<void>
}

export type LockError = { readonly holderPid: number }

/** Takes the lock at `path` for this process. Throws the system's error when the directory is unusable. */
export async function acquireLock(path: string): Promise<Result<Lock, LockError>> {
  const self = identifyProcess(process.pid) ?? { pid: process.pid, begun: '' }
  const lock: Lock = {
    recordRuntime: async (pid) => {
      const runtime = identifyProcess(pid)
      await writePrivateFile(path, formatHolders(runtime === null ? [self] : [self, runtime]))
    },
    release: () => rm(path, { force: true }),
  }
  if (await createLock(path, self)) return ok(lock)
  const found = (await readOptionalFile(path)) ?? ''
  const [holder, ...runtimes] = parseHolders(found)
  if (holder !== undefined && isRunning(holder)) return err({ holderPid: holder.pid })
  for (const runtime of runtimes) await endProcess(runtime)
  if ((await removeStale(path, found)) && (await createLock(path, self))) return ok(lock)
  // Another edge was quicker.
  return err({ holderPid: parseHolders((await readOptionalFile(path)) ?? '')[0]?.pid ?? 0 })
}

/** Created with its content in one step: nobody ever reads a lock without a holder. */
async function createLock(path: string, self: ProcessIdentity): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writePrivateFile(draft, formatHolders([self]))
  const created = await linkUnlessTaken(draft, path)
  await rm(draft)
  return created
}

async function linkUnlessTaken(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false
    throw error
  }
}

/** Moves the stale lock away, and puts back what it moved if that was a fresh one of another edge. */
async function removeStale(path: string, stale: string): Promise<boolean> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return true
    throw error
  }
  const isStale = (await readOptionalFile(aside)) === stale
  if (!isStale) await linkUnlessTaken(aside, path)
  await rm(aside, { force: true })
  return isStale
}

const END_TIMEOUT_MS = 5000
const END_POLL_MS = 20

async function endProcess(runtime: ProcessIdentity): Promise<void> {
  if (!isRunning(runtime)) return
  process.kill(runtime.pid, 'SIGKILL')
  for (let waitedMs = 0; waitedMs < END_TIMEOUT_MS && isRunning(runtime); waitedMs += END_POLL_MS) {
    await sleep(END_POLL_MS)
  }
}

/** One process a line, the edge first: `PID START`. */
function formatHolders(holders: readonly ProcessIdentity[]): string {
  return holders.map(({ pid, begun }) => `${pid} ${begun}\n`).join('')
}

function parseHolders(text: string): readonly ProcessIdentity[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\d+) (.*)$/.exec(line)
    return match === null ? [] : [{ pid: Number(match[1]), begun: match[2] ?? '' }]
  })
}
