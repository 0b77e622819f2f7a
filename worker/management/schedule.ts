/** What is done without being asked: each job on its own, so that one that fails keeps no other from its turn. */
import { logFailure } from '../log.ts'
import type { ManagementPorts } from './ports.ts'
import { announceExpiries } from './portcullis/expiry/announce.ts'
import { refreshRevocationLists } from './portcullis/revocation/refresh.ts'
import { reconcileSeed } from './portcullis/seed.ts'
import { pruneTokenRevocations } from './portcullis/token-revocations/prune.ts'
import { recompileSchemas } from './schema-validation/recompile.ts'

type Job = {
  readonly name: string
  readonly everyMs: number
  run(ports: ManagementPorts): Promise<unknown>
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A cron comes a little early now and then. */
const EARLY_MS = 10_000

/** In the order in which they run. */
const JOBS: readonly Job[] = [
  // First, so that what follows sees the configuration that the files ask for.
  { name: 'reconcile_seed', everyMs: MINUTE_MS, run: reconcileSeed },
  // Finds something only after a new release.
  { name: 'recompile_schemas', everyMs: MINUTE_MS, run: recompileSchemas },
  { name: 'refresh_revocation_lists', everyMs: MINUTE_MS, run: refreshRevocationLists },
  // These two read whole collections.
  { name: 'announce_expiries', everyMs: HOUR_MS, run: announceExpiries },
  { name: 'prune_token_revocations', everyMs: HOUR_MS, run: pruneTokenRevocations },
]

export type Schedule = {
  /** Runs what is due. @throws when a job failed, after all have run; the platform reports it. */
  run(): Promise<void>
}

/** When a job last ran is known to this isolate alone: another may run it sooner, and finds nothing to do. */
export function createSchedule(ports: ManagementPorts, jobs: readonly Job[] = JOBS): Schedule {
  const ranAtMs = new Map<Job, number>()
  return {
    async run() {
      const failed: string[] = []
      for (const job of jobs) {
        const nowMs = ports.nowMs()
        if (nowMs - (ranAtMs.get(job) ?? 0) < job.everyMs - EARLY_MS) continue
        try {
          await job.run(ports)
          ranAtMs.set(job, nowMs)
        } catch (cause) {
          logFailure('scheduled_job_failed', cause, { job: job.name })
          failed.push(job.name)
        }
      }
      if (failed.length > 0) throw new Error(`scheduled jobs failed: ${failed.join(', ')}`)
    },
  }
}
