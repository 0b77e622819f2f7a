/** How seeding tells a person what happened. */
import { describeFileProblem, type FileProblem } from './configuration-files.ts'
import { describeManagementFailure } from './management-api.ts'
import type { SeedOutcome, SeedReport } from './seed-running.ts'

export type SeedWords = {
  readonly lines: readonly string[]
  /** 0 seeded, 1 the shield did not take it, 2 the files are wrong and nothing was sent. */
  readonly exitCode: 0 | 1 | 2
}

/** Puts an outcome into lines for a terminal. */
export function describeOutcome(outcome: SeedOutcome): SeedWords {
  switch (outcome.kind) {
    case 'files_refused':
      return { lines: describeProblems(outcome.problems), exitCode: 2 }
    case 'call_failed':
      return { lines: [describeManagementFailure(outcome.failure)], exitCode: 1 }
    case 'seeded':
      return {
        lines: describeReport(outcome.report),
        exitCode: outcome.report.errors.length > 0 ? 1 : 0,
      }
  }
}

/** One problem a line as `file:line: key: message`, where a drawing of the place may follow, and their number. */
export function describeProblems(problems: readonly FileProblem[]): readonly string[] {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map(describeFileProblem)
  const rest = problems.length - shown.length
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : []), `${count}; nothing was changed`]
}

/** A file that is no YAML at all has an error in each of its lines. */
const PROBLEMS_SHOWN_MAX = 50

function describeReport(report: SeedReport): readonly string[] {
  if (report.errors.length > 0) return describeProblems(report.errors)
  const { created, updated, deleted, left_alone, unchanged, warnings } = report
  return [
    ...warnings.map((warning) => `warning   ${describeFileProblem(warning)}`),
    ...created.map((name) => `created   ${name}`),
    ...updated.map((name) => `updated   ${name}`),
    ...deleted.map((name) => `deleted   ${name}`),
    ...left_alone.map((name) => `not ours  ${name}: made through the API, left as it is`),
    `unchanged ${unchanged}`,
  ]
}
