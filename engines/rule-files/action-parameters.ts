/**
 * The actions of a rule and what each may be told. An action or a parameter that Cloudflare has and that has no effect
 * here is refused with a word on what works: a rule must not look as if it did something.
 */
import {
  type Check,
  type Checks,
  isRecord,
  type Issue,
  issue,
  type Members,
  membersIssues,
  oneOf,
  strangersIssues,
  textsOf,
  wholeNumber,
} from './checks.ts'
import { ruleFileLimits as limits } from './limits.ts'
import type { RuleContext } from './rule-context.ts'

type BlockResponse = {
  readonly status_code: number
  readonly content: string
  readonly content_type: string
}

/** The action says which member can be there. */
export type ActionParameters = {
  /** `block`: what the client gets instead of the standard rejection. */
  readonly response?: BlockResponse
  /** `execute`: the custom ruleset to run; in a file its id or its name. */
  readonly id?: string
  /** `skip`: the rest of the ruleset that the rule is in. */
  readonly ruleset?: 'current'
  /** `skip`: all rules of these phases that have not run yet. */
  readonly phases?: readonly string[]
  /** `skip`: these rules by their ids, by the id of their ruleset; in a file also refs and names. */
  readonly rules?: { readonly [ruleset: string]: readonly string[] }
  /** `skip`: these rulesets as a whole. */
  readonly rulesets?: readonly string[]
}

export type RuleAction = 'block' | 'execute' | 'log' | 'skip'

/** The issues of `action_parameters`; an unknown action is not asked about them. */
export function parametersIssues(
  action: unknown,
  parameters: unknown,
  context: RuleContext,
): readonly Issue[] {
  if (!isAction(action)) return []
  const { known, required, check } = PARAMETERS[action]
  if (parameters === undefined) {
    return required === null ? [] : [issue(PATH, required)]
  }
  if (!isRecord(parameters)) return [issue(PATH, 'This must be an object.')]
  const refused = refusedIssues(action, parameters)
  if (refused.length > 0) return refused
  const strangers = strangersIssues(parameters, known, PATH)
  return strangers.length > 0 ? strangers : check(parameters, context)
}

/** Only the known members in one order, so that equal parameters are equal as JSON; `undefined` when there are none. */
export function parametersOf(
  parameters: ActionParameters | undefined,
): ActionParameters | undefined {
  if (parameters === undefined) return undefined
  const { response, id, ruleset, phases, rules, rulesets } = parameters
  const known = {
    ...(response === undefined ? {} : { response: responseOf(response) }),
    ...(id === undefined ? {} : { id }),
    ...(ruleset === undefined ? {} : { ruleset }),
    ...(phases === undefined ? {} : { phases }),
    ...(rules === undefined ? {} : { rules }),
    ...(rulesets === undefined ? {} : { rulesets }),
  }
  return Object.keys(known).length === 0 ? undefined : known
}

/** Checks the action itself, in its phase and its kind of ruleset. */
export function actionIssues(action: unknown, { phase, kind }: RuleContext): readonly Issue[] {
  const words = ACTIONS[phase]
  const works = `"${words.slice(0, -1).join('", "')}" or "${words.at(-1)}"`
  if (typeof action !== 'string')
    return action === undefined ? [] : [issue(['action'], `This must be ${works}.`)]
  const known = words.some((word) => word === action)
  if (!known) {
    const text = `The action "${action.slice(0, 50)}" is not supported in the phase ${phase}; use ${works}.`
    return [issue(['action'], text)]
  }
  if (action === 'execute' && kind === 'custom') {
    return [issue(['action'], 'A custom ruleset cannot execute another; an entry point can.')]
  }
  return []
}

type ActionRow = {
  readonly known: readonly string[]
  /** Said when there are no parameters; `null` when none are needed. */
  readonly required: string | null
  readonly check: (parameters: Members, context: RuleContext) => readonly Issue[]
}

const PATH = ['action_parameters'] as const

/** A skip in the rate limit phase would have nothing left to skip: it is the last that operators write. */
const ACTIONS: { readonly [phase in RuleContext['phase']]: readonly RuleAction[] } = {
  http_request_firewall_custom: ['block', 'execute', 'log', 'skip'],
  http_ratelimit: ['block', 'execute', 'log'],
}

const PARAMETERS: { readonly [action in RuleAction]: ActionRow } = {
  block: { known: ['response'], required: null, check: blockIssues },
  execute: {
    known: ['id'],
    required: 'The action "execute" needs the id of a custom ruleset.',
    check: (parameters) =>
      membersIssues(parameters, { id: { check: checkName, required: true } }, PATH),
  },
  log: { known: [], required: null, check: () => [] },
  skip: {
    known: ['ruleset', 'phases', 'rules', 'rulesets'],
    required: 'The action "skip" needs "ruleset", "phases", "rules" or "rulesets".',
    check: skipIssues,
  },
}

/** Known at Cloudflare, without effect here. */
const REFUSED: { readonly [action in RuleAction]?: { readonly [member: string]: string } } = {
  execute: {
    overrides: 'Overrides are not supported: change the rules of the custom ruleset itself.',
    matched_data: 'Matched data is not logged: events never hold what a request carried.',
  },
  skip: {
    products:
      'The older security products of Cloudflare do not exist here; skip "phases", "rulesets" or "rules".',
    phase: 'This goes with "products", which do not exist here; use "ruleset" or "phases".',
  },
}

function refusedIssues(action: RuleAction, parameters: Members): readonly Issue[] {
  const refused = Object.entries(REFUSED[action] ?? {})
  return refused.flatMap(([member, message]) =>
    parameters[member] === undefined ? [] : [issue([...PATH, member], message)],
  )
}

const CONTENT_TYPES = ['text/plain', 'text/html', 'text/xml', 'application/json']

const RESPONSE_CHECKS: Checks = {
  status_code: { check: wholeNumber(400, 499), required: true },
  content: { check: checkContent, required: true },
  content_type: { check: oneOf(CONTENT_TYPES), required: true },
}

function blockIssues({ response }: Members): readonly Issue[] {
  if (response === undefined) return []
  const path = [...PATH, 'response']
  if (!isRecord(response)) return [issue(path, 'This must be an object.')]
  return membersIssues(response, RESPONSE_CHECKS, path)
}

/** Phases that a skip may name: ours, and those of Cloudflare in which nothing runs here, so that imported rules load. */
const SKIPPABLE_PHASES = [
  'http_ratelimit',
  'http_request_firewall_custom',
  'schema_validation',
  'http_request_firewall_managed',
  'http_request_sbfm',
]

const SKIP_CHECKS: Checks = {
  ruleset: { check: oneOf(['current']), required: false },
  phases: { check: textsOf(oneOf(SKIPPABLE_PHASES), limits.skippedMax), required: false },
  rules: { check: checkRules, required: false },
  rulesets: { check: textsOf(checkName, limits.skippedMax), required: false },
}

function skipIssues(parameters: Members): readonly Issue[] {
  const issues = membersIssues(parameters, SKIP_CHECKS, PATH)
  if (issues.length > 0) return issues
  const given = Object.keys(SKIP_CHECKS).filter((name) => parameters[name] !== undefined)
  if (given.length === 0) return [issue(PATH, PARAMETERS.skip.required ?? '')]
  // Cloudflare: "ruleset" goes with nothing else, "rulesets" not with "phases".
  const clash = given.length > 1 && given.includes('ruleset') ? 'ruleset' : null
  const pair = given.includes('phases') && given.includes('rulesets') ? 'rulesets' : null
  const member = clash ?? pair
  if (member === null) return []
  const others = given.filter((name) => name !== member).join('" and "')
  return [issue([...PATH, member], `This cannot be combined with "${others}".`)]
}

function checkRules(value: unknown): string | null {
  if (!isRecord(value)) return 'This must map the id of a ruleset to a list of ids of rules.'
  const entries = Object.entries(value)
  if (entries.length === 0) return 'This must not be empty.'
  if (entries.length > limits.skippedMax)
    return `This names ${entries.length} rulesets; at most ${limits.skippedMax} fit.`
  const check: Check = textsOf(checkName, limits.skippedMax)
  const wrong = entries.map(([, rules]) => check(rules)).find((each) => each !== null)
  return wrong ?? null
}

function checkName(value: unknown): string | null {
  const fits =
    typeof value === 'string' && value.length > 0 && value.length <= limits.rulesetNameCharactersMax
  return fits ? null : 'This must be an id.'
}

function checkContent(value: unknown): string | null {
  if (typeof value !== 'string') return 'This must be text.'
  const bytes = new TextEncoder().encode(value).length
  return bytes <= limits.responseContentBytesMax
    ? null
    : `This has ${bytes} bytes; at most ${limits.responseContentBytesMax} are allowed.`
}

function responseOf({ status_code, content, content_type }: BlockResponse): BlockResponse {
  return { status_code, content, content_type }
}

function isAction(action: unknown): action is RuleAction {
  return typeof action === 'string' && Object.hasOwn(PARAMETERS, action)
}
