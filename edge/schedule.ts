/**
 * Fires a Worker's cron triggers, as the platform does for a deployed one. A run that outlasts its turn is not overtaken by
 * the next, and one that fails is reported and tried again at its next turn.
 */
import { Cron } from 'croner'

export type ScheduleOptions = {
  /** Patterns of five fields, in UTC. */
  readonly crons: readonly string[]
  readonly run: (cron: string) => Promise<void>
  readonly report: (line: string) => void
}

export type Schedule = {
  /** Resolves when no run is under way any more. */
  readonly stop: () => Promise<void>
}

export function startSchedule({ crons, run, report }: ScheduleOptions): Schedule {
  const running = new Map<string, Promise<void>>()
  const jobs = crons.map(
    (cron) => new Cron(cron, { timezone: 'UTC', protect: true, unref: true }, () => fire(cron)),
  )
  return {
    async stop() {
      for (const job of jobs) job.stop()
      await Promise.all(running.values())
    },
  }

  async function fire(cron: string): Promise<void> {
    const attempt = run(cron).catch((cause: unknown) => {
      const text = cause instanceof Error ? cause.message : String(cause)
      report(`the scheduled run of "${cron}" failed: ${text}`)
    })
    running.set(cron, attempt)
    await attempt
  }
}
