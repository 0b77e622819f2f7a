/**
 * What a rule says, wherever it was written: in a rule file or in a management call. Checks everything and reports all
 * that is wrong, each with its place; the expression is compiled here, so that no rule is stored which cannot run.
 * Members that it does not know are not its business.
 */
import { compileExpression, renderError } from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import { ruleFileLimits as limits } from './limits.ts'

type BlockResponse = {
  readonly status_code: number
  readonly content: string
  readonly content_type: string
}

export type RuleContent = {
  /** The name that the author gave the rule; stable while its content changes. */
  readonly ref?: string
  readonly description: string
  readonly expression: string
  readonly action: 'block' | 'log'
  readonly action_parameters?: { readonly response?: BlockResponse }
  readonly enabled: boolean
}

export type RuleIssue = {
  readonly about: 'expression' | 'rule'
  /** Member names and array indexes from the rule inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

const CONTENT_TYPES = ['text/plain', 'text/html', 'text/xml', 'application/json']

/** The members of a rule in a file; a management call may have more. */
export const RULE_MEMBERS = [
  'ref',
  'description',
  'expression',
  'action',
  'action_parameters',
  'enabled',
]

export function readRule(value: unknown): Result<RuleContent, readonly RuleIssue[]> {
  if (!isRecord(value)) return err([issue([], 'A rule must be an object.')])
  const issues = [
    ...membersIssues(value, RULE_CHECKS, []),
    ...parametersIssues(value['action'], value['action_parameters']),
    ...expressionIssues(value['expression']),
  ]
  return hasPassed(value, issues) ? ok(contentOf(value)) : err(issues)
}

/** A value that is an object with members. */
export function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What has passed all checks of this file. */
type WrittenRule = Partial<RuleContent> & Pick<RuleContent, 'expression' | 'action'>

function hasPassed(value: unknown, issues: readonly RuleIssue[]): value is WrittenRule {
  return isRecord(value) && issues.length === 0
}

/** What is wrong with a value, `null` when nothing is. */
type Check = (value: unknown) => string | null

type Checks = { readonly [member: string]: { readonly check: Check; readonly required: boolean } }

const RULE_CHECKS: Checks = {
  ref: { check: textUpTo(limits.refCharactersMax, 1), required: false },
  description: { check: textUpTo(limits.descriptionCharactersMax, 0), required: false },
  expression: {
    check: (value) => (typeof value === 'string' ? null : 'This must be text.'),
    required: true,
  },
  action: { check: checkAction, required: true },
  enabled: {
    check: (value) => (typeof value === 'boolean' ? null : 'This must be true or false.'),
    required: false,
  },
}

const RESPONSE_CHECKS: Checks = {
  status_code: { check: checkStatus, required: true },
  content: { check: checkContent, required: true },
  content_type: { check: checkContentType, required: true },
}

function membersIssues(
  value: { readonly [name: string]: unknown },
  checks: Checks,
  path: readonly string[],
): readonly RuleIssue[] {
  return Object.entries(checks).flatMap(([member, { check, required }]) => {
    const given = value[member]
    if (given === undefined)
      return required ? [issue([...path, member], 'This member is required.')] : []
    const wrong = check(given)
    return wrong === null ? [] : [issue([...path, member], wrong)]
  })
}

function parametersIssues(action: unknown, parameters: unknown): readonly RuleIssue[] {
  const path = ['action_parameters']
  if (parameters === undefined) return []
  if (!isRecord(parameters)) return [issue(path, 'This must be an object.')]
  const stranger = Object.keys(parameters).find((name) => name !== 'response')
  if (stranger !== undefined) {
    return [
      issue([...path, stranger], 'The only parameter of an action is the response of "block".'),
    ]
  }
  const { response } = parameters
  if (response === undefined) return []
  if (action !== 'block')
    return [issue([...path, 'response'], 'Only the action "block" has a response.')]
  if (!isRecord(response)) return [issue([...path, 'response'], 'This must be an object.')]
  return membersIssues(response, RESPONSE_CHECKS, [...path, 'response'])
}

function expressionIssues(expression: unknown): readonly RuleIssue[] {
  if (typeof expression !== 'string') return []
  const compiled = compileExpression(expression)
  if (compiled.ok) return []
  const message = renderError(expression, compiled.error)
  return [{ about: 'expression', path: ['expression'], message }]
}

function contentOf({
  ref,
  description,
  expression,
  action,
  action_parameters,
  enabled,
}: WrittenRule): RuleContent {
  return {
    ...(ref === undefined ? {} : { ref }),
    description: description ?? '',
    expression,
    action,
    ...(action_parameters?.response === undefined
      ? {}
      : { action_parameters: { response: responseOf(action_parameters.response) } }),
    enabled: enabled ?? true,
  }
}

/** Only the known members, so that equal rules are equal when they are compared as JSON. */
function responseOf({ status_code, content, content_type }: BlockResponse): BlockResponse {
  return { status_code, content, content_type }
}

function checkAction(value: unknown): string | null {
  if (value === 'block' || value === 'log') return null
  return typeof value === 'string'
    ? `The action "${value.slice(0, 50)}" is not supported; use "block" or "log".`
    : 'This must be "block" or "log".'
}

function checkStatus(value: unknown): string | null {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 499
  return fits ? null : 'This must be a whole number from 400 to 499.'
}

function checkContent(value: unknown): string | null {
  if (typeof value !== 'string') return 'This must be text.'
  const bytes = new TextEncoder().encode(value).length
  return bytes <= limits.responseContentBytesMax
    ? null
    : `This has ${bytes} bytes; at most ${limits.responseContentBytesMax} are allowed.`
}

function checkContentType(value: unknown): string | null {
  const known = typeof value === 'string' && CONTENT_TYPES.includes(value)
  return known ? null : `This must be one of ${CONTENT_TYPES.join(', ')}.`
}

function textUpTo(charactersMax: number, charactersMin: number): Check {
  return (value) => {
    if (typeof value !== 'string') return 'This must be text.'
    if (value.length < charactersMin) return 'This must not be empty.'
    return value.length <= charactersMax
      ? null
      : `This has ${value.length} characters; at most ${charactersMax} are allowed.`
  }
}

function issue(path: readonly (string | number)[], message: string): RuleIssue {
  return { about: 'rule', path, message }
}
