/**
 * What a compiled schema is, and the state of one run over one value.
 *
 * Promises that the answer is found first, without a report, and that every run ends: references followed are counted, and
 * past the bound every check fails.
 */
import { jsonPathStep } from '../json-value.ts'
import { requestLimits } from '../limits.ts'
import type { FindingKind } from '../violations.ts'

/** A compiled schema. */
export type Check = {
  readonly test: Test
  /** Compiled when a value first fails. */
  report(this: void): Reporter
}

/** Whether a value conforms: stops at the first failure. */
export type Test = (value: unknown, run: Run) => boolean

/** Whether a value conforms; findings go to the run's report if it has one. */
export type Reporter = (value: unknown, run: Run, marks: Marks | null) => boolean

export type Finding = {
  readonly kind: FindingKind
  readonly target: string
  readonly argument: string
}

export type Run = {
  /** References followed, and how many of them inside one another. */
  steps: number
  depth: number
  /** A bound was met, so the answer is no, whatever a `not` makes of it. */
  isExhausted: boolean
  /** Null while only the answer counts. */
  report: Report | null
}

type Report = {
  readonly findings: Finding[]
  readonly path: (string | number)[]
}

/** What `unevaluatedProperties` and `unevaluatedItems` need to know: who was looked at. */
export type Marks = { readonly names: Set<string>; readonly items: Set<number> }

/** Runs a check: first for the answer alone, then, if it fails, for its findings. */
export function findingsOf(check: Check, value: unknown): readonly Finding[] {
  try {
    return findings(check, value)
  } catch (error) {
    // The stack's end, by a schema that nests deeply between references that nest deeply: a bound like the others.
    if (error instanceof RangeError) return [exhausted]
    throw error
  }
}

function findings(check: Check, value: unknown): readonly Finding[] {
  const silent = newRun(null)
  if (check.test(value, silent) && !silent.isExhausted) return []
  if (silent.isExhausted) return [exhausted]
  const found: Finding[] = []
  check.report()(value, newRun({ findings: found, path: [] }), null)
  // The second run does more work than the first, so it alone may meet a bound.
  return found.length > 0 ? found : [exhausted]
}

const exhausted: Finding = { kind: 'too_deep', target: '$', argument: '' }

function newRun(report: Report | null): Run {
  return { steps: 0, depth: 0, isExhausted: false, report }
}

/** Counts a reference that is followed; false when there were too many. Each one that was counted must be left again. */
export function enter(run: Run): boolean {
  run.steps += 1
  run.depth += 1
  if (run.steps <= requestLimits.stepsMax && run.depth <= requestLimits.stepsDeepMax) return true
  run.isExhausted = true
  return false
}

/** Ends what `enter` began. */
export function leave(run: Run): void {
  run.depth -= 1
}

/** Records a finding at the current path; always false, so that reporters can return it. */
export function fail(run: Run, kind: FindingKind, argument = ''): false {
  const { report } = run
  if (report !== null && report.findings.length < requestLimits.violationsMax) {
    const target = targetOf(report.path)
    const isKnown = report.findings.some((known) => known.kind === kind && known.target === target)
    if (!isKnown) report.findings.push({ kind, target, argument })
  }
  return false
}

/** Reports on a member or item of the current value; marks never pass from a value to its parts. */
export function reportChild(
  reporter: Reporter,
  run: Run,
  child: { readonly step: string | number; readonly value: unknown },
): boolean {
  if (run.report === null) return reporter(child.value, run, null)
  run.report.path.push(child.step)
  const isValid = reporter(child.value, run, null)
  run.report.path.pop()
  return isValid
}

/** Asks for the answer without findings. */
export function silently(run: Run, ask: () => boolean): boolean {
  const { report } = run
  run.report = null
  const answer = ask()
  run.report = report
  return answer
}

/** Whether to go on after a failure: only a report wants all of them. */
export function isDone(run: Run): boolean {
  return run.report === null || run.report.findings.length >= requestLimits.violationsMax
}

function targetOf(path: readonly (string | number)[]): string {
  const target = `$${path.map((step) => jsonPathStep(bounded(step))).join('')}`
  return bounded(target)
}

function bounded<T extends string | number>(step: T): T | string {
  const { targetCharsMax } = requestLimits
  if (typeof step !== 'string' || step.length <= targetCharsMax) return step
  return `${step.slice(0, targetCharsMax - 1)}…`
}
