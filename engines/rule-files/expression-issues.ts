/** Compiles what a rule asks, so that no rule is stored which cannot run. The message shows the place with a caret. */
import {
  compileCondition,
  compileValueExpression,
  type Environment,
  type FieldUse,
  type PhaseName,
  renderError,
  usesResponse,
} from '#engines/expressions'
import { SESSION_HISTORY_FIELDS } from '#engines/request-fields'
import { type Issue, issue } from './checks.ts'
import type { ListKinds } from './rule-context.ts'

type Path = readonly (string | number)[]

type Surroundings = {
  readonly phase: PhaseName
  /** `null` when they are not known here: then any name will do. */
  readonly lists: ListKinds | null
}

type ValueTypes = Parameters<typeof compileValueExpression>[1]['types']

/** Issues of a condition; a value that is no text is not looked at. */
export function conditionIssues(
  source: unknown,
  path: Path,
  around: Surroundings,
): readonly Issue[] {
  if (typeof source !== 'string') return []
  const compiled = compileCondition(source, environmentOf(around))
  if (compiled.ok) return historyIssues(compiled.value.uses, path, around)
  return [{ about: 'expression', path, message: renderError(source, compiled.error) }]
}

/** Issues of a value that names a counter, such as a field; a value that is no text is not looked at. */
export function counterIssues(source: unknown, path: Path, around: Surroundings): readonly Issue[] {
  return valueIssues(source, path, { ...around, types: COUNTED_TYPES })
}

/** Issues of a value that says how much a request counts; a value that is no text is not looked at. */
export function scoreIssues(source: unknown, path: Path, around: Surroundings): readonly Issue[] {
  return valueIssues(source, path, { ...around, types: ['Int'] })
}

/** Whether a condition needs the answer; one that does not compile asks nothing. */
export function asksResponse(source: unknown): boolean {
  if (typeof source !== 'string') return false
  const compiled = compileCondition(source)
  return compiled.ok && usesResponse(compiled.value.uses)
}

/** Issues of an expression for a value of one of the types; a value that is no text is not looked at. */
export function valueIssues(
  source: unknown,
  path: Path,
  { types, ...around }: Surroundings & { readonly types: ValueTypes },
): readonly Issue[] {
  if (typeof source !== 'string') return []
  const compiled = compileValueExpression(source, { ...environmentOf(around), types })
  if (compiled.ok) return historyIssues(compiled.value.uses, path, around)
  return [{ about: 'expression', path, message: renderError(source, compiled.error) }]
}

/** The memory of a session and its limits are asked together: what is asked of them cannot depend on what they answer. */
const ASKED_WITH_HISTORY = new Set<PhaseName>(['http_ratelimit', 'http_ratelimit_counting'])

function historyIssues(
  uses: readonly FieldUse[],
  path: Path,
  { phase }: Pick<Surroundings, 'phase'>,
): readonly Issue[] {
  if (!ASKED_WITH_HISTORY.has(phase)) return []
  const field = uses.find((use) => SESSION_HISTORY_FIELDS.includes(use.field))?.field
  if (field === undefined) return []
  const text = `${field} is not known here yet: what is counted of a session is asked together with what it did. Rules of the phase http_request_firewall_custom can use it.`
  return [issue(path, text)]
}

/** Headers and cookies are arrays of text: all their values together name a counter. */
const COUNTED_TYPES = ['Bytes', 'Int', 'Ip', 'Bool', 'Array<Bytes>'] as const

function environmentOf({ phase, lists }: Surroundings): Environment {
  return lists === null ? { phase } : { phase, lists: new Map(Object.entries(lists)) }
}
