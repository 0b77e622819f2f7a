/**
 * A sequence rule as people write it, in a rule file or in a management call: kinder than what is stored. A step may name
 * one `operation`, a time may be text such as `10m`, and the steps stand under `require` or `forbid`. Refuses every member
 * that it does not know, in steps too: a misspelt `within` would be a rule that is silently weaker.
 */
import { err, ok, type Result } from '#engines/result'
import {
  SEQUENCE_LIMITS,
  type SequenceContent,
  sequenceIssues,
  type SequenceStep,
} from '#engines/sequences'
import {
  below,
  type Checks,
  isRecord,
  type Issue,
  issue,
  isText,
  isTrueOrFalse,
  type Members,
  membersIssues,
  oneOf,
  strangersIssues,
  textUpTo,
} from './checks.ts'
import { valueIssues } from './expression-issues.ts'
import { ruleFileLimits as limits } from './limits.ts'
import { strangerIssues } from './sequence-operations.ts'

/**
 * The sequence with every default filled in, or everything that is wrong with it. `saved` are the ids of the operations that
 * there are; without it any will do.
 */
export function readSequence(
  value: unknown,
  saved?: ReadonlySet<string>,
): Result<SequenceContent, readonly Issue[]> {
  if (!isRecord(value)) return err([issue([], 'A sequence must be an object.')])
  const issues = [
    ...strangersIssues(value, Object.keys(SEQUENCE_CHECKS), []),
    ...membersIssues(value, SEQUENCE_CHECKS, []),
    ...kindIssues(value),
    ...KINDS.flatMap((kind) => stepsIssues(value[kind], [kind])),
  ]
  if (!hasPassed(value, issues)) return err(issues)
  const content = contentOf(value)
  const wrong = sequenceIssues(content)
  const faults = wrong.length > 0 || saved === undefined ? wrong : strangerIssues(content, saved)
  return faults.length > 0 ? err(faults.map((each) => asWritten(value, each))) : ok(content)
}

/** What has passed all checks of this file; exactly one of `require` and `forbid` is there. */
type WrittenSequence = Partial<Omit<SequenceContent, 'kind' | 'steps'>> & {
  readonly ref: string
  readonly require?: readonly WrittenStep[]
  readonly forbid?: readonly WrittenStep[]
}

type WrittenStep = Partial<Omit<SequenceStep, 'within'>> & {
  readonly operation?: string
  readonly within?: number | string
}

const KINDS = ['require', 'forbid'] as const

const WITHOUT_SESSION = ['pass', 'block', 'client'] as const
const COUNTS = ['requested', 'answered'] as const
const ACTIONS = ['log', 'block'] as const

/** `require` and `forbid` are looked at apart. */
const SEQUENCE_CHECKS: Checks = {
  ref: { check: textUpTo(limits.refCharactersMax, 1), required: true },
  description: { check: textUpTo(limits.descriptionCharactersMax, 0), required: false },
  enabled: { check: isTrueOrFalse, required: false },
  action: { check: oneOf(ACTIONS), required: false },
  require: { check: () => null, required: false },
  forbid: { check: () => null, required: false },
  without_session: { check: oneOf(WITHOUT_SESSION), required: false },
  counts: { check: oneOf(COUNTS), required: false },
}

/** How much of anything there may be is the engine's to say. */
const STEP_CHECKS: Checks = {
  operation: { check: isText, required: false },
  operations: { check: isListOfTexts, required: false },
  within: { check: isDuration, required: false },
  immediately: { check: isTrueOrFalse, required: false },
  at_most: { check: isWholeNumber, required: false },
  without: { check: isListOfTexts, required: false },
  bind: {
    check: (bind) => (isRecord(bind) ? null : 'This must map names to expressions.'),
    required: false,
  },
}

function hasPassed(value: Members, issues: readonly Issue[]): value is Members & WrittenSequence {
  return issues.length === 0 && typeof value['ref'] === 'string'
}

function kindIssues({ require, forbid }: Members): readonly Issue[] {
  if ((require === undefined) !== (forbid === undefined)) return []
  return [issue([], 'Exactly one of "require" and "forbid" is needed.')]
}

function stepsIssues(steps: unknown, path: readonly string[]): readonly Issue[] {
  if (steps === undefined) return []
  if (!Array.isArray(steps)) return [issue(path, 'This must be a list of steps.')]
  // Before anything is compiled. That there are enough of them is the engine's to say.
  if (steps.length > SEQUENCE_LIMITS.stepsMax) {
    const text = `This has ${steps.length} steps; a sequence has at most ${SEQUENCE_LIMITS.stepsMax}.`
    return [issue(path, text)]
  }
  return steps.flatMap((step: unknown, index) =>
    stepIssues(step).map((each) => below([...path, index], each)),
  )
}

function stepIssues(step: unknown): readonly Issue[] {
  if (!isRecord(step)) return [issue([], 'A step must be an object.')]
  const { operation, operations, bind } = step
  const isNamedOnce = (operation === undefined) !== (operations === undefined)
  const text = 'Exactly one of "operation" and "operations" is needed.'
  return [
    ...strangersIssues(step, Object.keys(STEP_CHECKS), []),
    ...membersIssues(step, STEP_CHECKS, []),
    ...(isNamedOnce ? [] : [issue([], text)]),
    ...(isRecord(bind) ? bindIssues(bind) : []),
  ]
}

function bindIssues(bind: Members): readonly Issue[] {
  return Object.entries(bind).flatMap(([name, source]) =>
    typeof source === 'string'
      ? valueIssues(source, ['bind', name], BOUND)
      : [issue(['bind', name], 'This must be text.')],
  )
}

/** What a request is held against before it goes to the origin. */
const BOUND = {
  phase: 'http_ratelimit',
  lists: null,
  types: ['Bytes', 'Int'],
} as const

function contentOf({
  ref,
  description = '',
  enabled = true,
  action = 'block',
  require,
  forbid = [],
  without_session = 'pass',
  counts = 'requested',
}: WrittenSequence): SequenceContent {
  const kind = require === undefined ? 'forbid' : 'require'
  const steps = (require ?? forbid).map(stepOf)
  return { ref, description, enabled, action, kind, without_session, counts, steps }
}

/** What is usual is left out, so that equal steps are equal as JSON. */
function stepOf(step: WrittenStep): SequenceStep {
  const { operation, operations = [], within, immediately, at_most, without, bind } = step
  return {
    operations: operation === undefined ? operations : [operation],
    ...(within === undefined ? {} : { within: secondsOf(within) }),
    ...(immediately === true ? { immediately } : {}),
    ...(at_most === undefined ? {} : { at_most }),
    ...(without === undefined || without.length === 0 ? {} : { without }),
    ...(bind === undefined || Object.keys(bind).length === 0 ? {} : { bind }),
  }
}

/** The engine knows neither `require` and `forbid` nor `operation`. */
function asWritten(
  value: WrittenSequence,
  { path: [first, ...rest], message }: { readonly path: Issue['path']; readonly message: string },
): Issue {
  if (first !== 'steps') return issue(first === undefined ? [] : [first, ...rest], message)
  const kind = value.require === undefined ? 'forbid' : 'require'
  const [number, member] = rest
  const step = typeof number === 'number' ? value[kind]?.[number] : undefined
  if (member === 'operations' && step?.operation !== undefined) {
    return issue([kind, number ?? 0, 'operation'], message)
  }
  return issue([kind, ...rest], message)
}

const SECONDS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3_600, d: 86_400 }

const DURATION = /^(\d{1,9})([smhd])$/

function isDuration(value: unknown): string | null {
  if (typeof value === 'number' && Number.isInteger(value)) return null
  if (typeof value === 'string' && DURATION.test(value)) return null
  return 'This must be whole seconds, or a time such as 30s, 10m, 2h, 1d.'
}

function secondsOf(duration: number | string): number {
  if (typeof duration === 'number') return duration
  const [, count, unit = ''] = DURATION.exec(duration) ?? []
  return Number(count) * (SECONDS[unit] ?? 1)
}

function isListOfTexts(value: unknown): string | null {
  const fits = Array.isArray(value) && value.every((each) => typeof each === 'string')
  return fits ? null : 'This must be a list of texts.'
}

function isWholeNumber(value: unknown): string | null {
  return Number.isInteger(value) ? null : 'This must be a whole number.'
}
