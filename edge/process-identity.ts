/**
 * Tells a process from a later one that was given the same number: a process id alone proves nothing
 * after a crash, least of all in a container, where every first process is number 1.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** `begun` is when it started, in whatever form the system gives; only ever compared. */
export type ProcessIdentity = { readonly pid: number; readonly begun: string }

/** Null when no such process runs. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const begun = process.platform === 'linux' ? readLinuxStart(pid) : readStartFromPs(pid)
  return begun === null ? null : { pid, begun }
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.begun === identity.begun
}

/** proc(5): field 22 of /proc/PID/stat is the start time; a zombie (state Z) has already ended. */
function readLinuxStart(pid: number): string | null {
  const stat = readProcStat(pid)
  if (stat === null) return null
  // The second field is the program's name in parentheses and may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? null : (fields[19] ?? null)
}

function readProcStat(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    // There is no other way to ask: the file is there exactly as long as the process is.
    return null
  }
}

function readStartFromPs(pid: number): string | null {
  const begun = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  }).stdout.trim()
  return begun === '' ? null : begun
}
