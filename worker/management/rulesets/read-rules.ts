/** Rules in the body of a management call → what they ask for, or every problem with its JSON pointer. */
import {
  isRulePhase,
  type Issue,
  type ListKinds,
  readRule,
  RULE_PHASES,
  type RuleContent,
  type RuleContext,
  type RulePhase,
} from '#engines/rule-files'
import { err, ok, type Result } from '#engines/result'
import type { Documents } from '../../storage/ports.ts'
import type { Rule } from '../../storage/resources.ts'
import { jsonPointer } from '../body.ts'
import { type Problem, problem, type Problems } from '../envelope.ts'
import { contentOf, type WantedRule } from './next-ruleset.ts'

type WrittenRule = { readonly id?: string | undefined; readonly [member: string]: unknown }

/** A rule of which the body names the id, and neither expression nor action, is the stored one with what is said of it. */
export function readRules(
  rules: readonly WrittenRule[],
  stored: readonly Rule[],
  context: RuleContext,
): Result<readonly WantedRule[], Problems> {
  const problems: Problem[] = []
  const wanted: WantedRule[] = []
  const byId = new Map(stored.map((rule) => [rule.id, rule]))
  for (const [index, rule] of rules.entries()) {
    const isReference = rule['expression'] === undefined && rule['action'] === undefined
    const named = isReference ? byId.get(rule.id ?? '') : undefined
    const written = named === undefined ? rule : { ...contentOf(named), ...rule }
    const read = readOneRule(written, context, `/rules/${index}`)
    if (read.ok) wanted.push({ id: rule.id, content: read.value })
    else problems.push(...read.error)
  }
  const ids = wanted.map(({ id }) => id)
  problems.push(...repeated(ids, 'id', (index) => `/rules/${index}`))
  return problems.length > 0 ? err(problems) : ok(wanted)
}

/** `pointer` leads to the rule in the body. */
export function readOneRule(
  rule: unknown,
  context: RuleContext,
  pointer: string,
): Result<RuleContent, Problems> {
  const read = readRule(rule, context)
  return read.ok ? read : err(read.error.map((each) => ruleProblem(each, pointer)))
}

export function ruleProblem({ about, path, message }: Issue, pointer: string): Problem {
  const error = about === 'expression' ? 'invalid_expression' : 'invalid_rule'
  return { error, message, pointer: pointer + jsonPointer(path) }
}

/** A problem for each name that was there before. */
export function repeated(
  names: readonly (string | undefined)[],
  member: string,
  pointer: (index: number) => string,
): readonly Problem[] {
  const seen = new Set<string>()
  return names.flatMap((name, index): Problem[] => {
    if (name === undefined) return []
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const message = `Another rule of the ruleset has the same ${member}.`
    return [{ error: 'invalid_rule', message, pointer: `${pointer(index)}/${member}` }]
  })
}

/** The lists that expressions may name. */
export function listKindsOf(documents: Documents): ListKinds {
  return Object.fromEntries(documents.list_head.map(({ name, kind }) => [name, kind]))
}

export function readPhase(name: string): Result<RulePhase, Problems> {
  if (isRulePhase(name)) return ok(name)
  const text = `The phase "${name.slice(0, 60)}" is not supported; ${RULE_PHASES.join(' and ')} are.`
  const rewriting = name.includes('transform')
    ? ' Requests and responses are not rewritten yet.'
    : ''
  return problem('unsupported_phase', text + rewriting)
}
