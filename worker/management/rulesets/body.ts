/** The bodies that carry a ruleset, and the step from one to the ruleset as it will be. */
import * as z from 'zod/mini'
import type { RulePhase, RulesetKind } from '#engines/rule-files'
import { ok, type Result } from '#engines/result'
import type { Ruleset } from '../../storage/resources.ts'
import { problem, type Problems } from '../envelope.ts'
import { LIMITS } from '../limits.ts'
import type { RulesetState, RulesetStep } from './change.ts'
import { nextRules, nextRuleset } from './next-ruleset.ts'
import { readRules } from './read-rules.ts'

const MEMBERS = {
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.rulesetNameCharactersMax))),
  description: z.optional(z.string().check(z.maxLength(LIMITS.descriptionCharactersMax))),
  rules: z.optional(
    z.array(z.looseObject({ id: z.optional(z.string()) })).check(z.maxLength(LIMITS.rulesMax)),
  ),
}

/** Of a ruleset that is known by the path; kind and phase may be repeated, and not changed. */
export const RULESET_CHANGE = z.object({
  ...MEMBERS,
  kind: z.optional(z.string()),
  phase: z.optional(z.string()),
})

export const NEW_RULESET = z.object({
  ...MEMBERS,
  name: z.string().check(z.minLength(1), z.maxLength(LIMITS.rulesetNameCharactersMax)),
  kind: z.string(),
  phase: z.string(),
})

type RulesetBody = z.infer<typeof RULESET_CHANGE>

export type Target = {
  readonly stored: Ruleset | undefined
  readonly kind: RulesetKind
  readonly phase: RulePhase
}

/** Replaces what the body names; the rest stays as it is. */
export function replacing(
  { stored, kind, phase }: Target,
  body: RulesetBody,
  { lists, using }: RulesetState,
): Result<RulesetStep, Problems> {
  for (const [member, value] of Object.entries({ kind, phase })) {
    const given = member === 'kind' ? body.kind : body.phase
    if (given !== undefined && given !== value) {
      return problem('invalid_ruleset', `The ${member} of this ruleset is ${value}.`, `/${member}`)
    }
  }
  const { name, description } = body
  const before = stored?.rules ?? []
  const context = { kind, phase, lists }
  const wanted = body.rules === undefined ? ok(null) : readRules(body.rules, before, context)
  if (!wanted.ok) return wanted
  const rules = wanted.value === null ? undefined : nextRules(before, wanted.value, using)
  const after = nextRuleset(stored, { kind, phase, name, description, rules }, using)
  return ok({ before: stored, after, pointer: (index) => `/rules/${index}` })
}
