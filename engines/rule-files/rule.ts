/**
 * What a rule says, wherever it was written: in a rule file or in a management call. Checks everything and reports all
 * that is wrong, each with its place; the expression is compiled here, so that no rule is stored which cannot run.
 * Members that it does not know are not its business.
 */
import { err, ok, type Result } from '#engines/result'
import {
  actionIssues,
  type ActionParameters,
  parametersIssues,
  parametersOf,
  type RuleAction,
} from './action-parameters.ts'
import {
  type Checks,
  isRecord,
  type Issue,
  issue,
  isText,
  isTrueOrFalse,
  type Members,
  membersIssues,
  textsOf,
  textUpTo,
} from './checks.ts'
import { conditionIssues } from './expression-issues.ts'
import { ruleFileLimits as limits } from './limits.ts'
import { type RateLimit, rateLimitIssues, rateLimitOf } from './rate-limit.ts'
import type { RuleContext } from './rule-context.ts'

export type RuleContent = {
  /** The name that the author gave the rule; stable while its content changes. */
  readonly ref?: string
  readonly description: string
  readonly expression: string
  readonly action: RuleAction
  readonly action_parameters?: ActionParameters
  readonly enabled: boolean
  readonly categories?: readonly string[]
  readonly logging?: { readonly enabled: boolean }
  readonly ratelimit?: RateLimit
}

/** The members of a rule in a file; a management call may have more. */
export const RULE_MEMBERS = [
  'ref',
  'description',
  'expression',
  'action',
  'action_parameters',
  'enabled',
  'categories',
  'logging',
  'ratelimit',
]

/** The rule with every default filled in, or everything that is wrong with it. */
export function readRule(
  value: unknown,
  context: RuleContext,
): Result<RuleContent, readonly Issue[]> {
  if (!isRecord(value)) return err([issue([], 'A rule must be an object.')])
  const issues = [
    ...actionIssues(value['action'], context),
    ...membersIssues(value, RULE_CHECKS, []),
    ...parametersIssues(value['action'], value['action_parameters'], context),
    ...loggingIssues(value),
    ...credentialIssues(value),
    ...rateLimitIssues(value['ratelimit'], value['action'], context),
    ...conditionIssues(value['expression'], ['expression'], context),
  ]
  return hasPassed(value, issues) ? ok(contentOf(value)) : err(issues)
}

/** What has passed all checks of this file. */
type WrittenRule = Partial<RuleContent> & Pick<RuleContent, 'expression' | 'action'>

function hasPassed(value: unknown, issues: readonly Issue[]): value is WrittenRule {
  return isRecord(value) && issues.length === 0
}

const RULE_CHECKS: Checks = {
  ref: { check: textUpTo(limits.refCharactersMax, 1), required: false },
  description: { check: textUpTo(limits.descriptionCharactersMax, 0), required: false },
  expression: { check: isText, required: true },
  action: { check: () => null, required: true },
  enabled: { check: isTrueOrFalse, required: false },
  categories: {
    check: textsOf(textUpTo(limits.categoryCharactersMax, 1), limits.categoriesMax),
    required: false,
  },
}

/** A rule that logs nothing when it matches would act in the dark; only a skip, which lets pass, may be silent. */
function loggingIssues({ logging, action }: Members): readonly Issue[] {
  if (logging === undefined) return []
  if (!isRecord(logging)) return [issue(['logging'], 'This must be an object.')]
  const { enabled } = logging
  const wrong = isTrueOrFalse(enabled)
  if (wrong !== null) return [issue(['logging', 'enabled'], wrong)]
  if (enabled === true || action === 'skip') return []
  return [issue(['logging', 'enabled'], 'Only the action "skip" can be silent.')]
}

function credentialIssues({ exposed_credential_check: check }: Members): readonly Issue[] {
  if (check === undefined) return []
  const text = 'Credentials are not compared with leaked ones here.'
  return [issue(['exposed_credential_check'], text)]
}

function contentOf(rule: WrittenRule): RuleContent {
  const { ref, description, expression, action, enabled, categories, logging, ratelimit } = rule
  const parameters = parametersOf(rule.action_parameters)
  return {
    ...(ref === undefined ? {} : { ref }),
    description: description ?? '',
    expression,
    action,
    ...(parameters === undefined ? {} : { action_parameters: parameters }),
    enabled: enabled ?? true,
    ...(categories === undefined ? {} : { categories }),
    ...(logging === undefined ? {} : { logging: { enabled: logging.enabled } }),
    ...(ratelimit === undefined ? {} : { ratelimit: rateLimitOf(ratelimit) }),
  }
}
