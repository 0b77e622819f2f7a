/**
 * Whose rulesets a call is about. Zone and account each have their entry points, one a phase; the account's are asked
 * first. Custom rulesets, which rules of either execute, belong to both: there is one zone and one account.
 */
import type { RulePhase, RulesetKind } from '#engines/rule-files'
import type { Ruleset } from '../../storage/resources.ts'
import type { Call } from '../handler.ts'

export type Scope = {
  readonly entrypoint: 'zone' | 'root'
  readonly kinds: readonly RulesetKind[]
}

const ZONE: Scope = { entrypoint: 'zone', kinds: ['zone', 'custom'] }
const ACCOUNT: Scope = { entrypoint: 'root', kinds: ['root', 'custom'] }

export function scopeOf({ param }: Pick<Call, 'param'>): Scope {
  return param('account_id') === '' ? ZONE : ACCOUNT
}

/** The ruleset that the path names, if it is one of this scope. */
export function rulesetOf(rulesets: readonly Ruleset[], call: Call): Ruleset | undefined {
  const { kinds } = scopeOf(call)
  const id = call.param('ruleset_id')
  return rulesets.find((ruleset) => ruleset.id === id && kinds.includes(ruleset.kind))
}

export function entrypointOf(
  rulesets: readonly Ruleset[],
  { entrypoint }: Pick<Scope, 'entrypoint'>,
  phase: RulePhase,
): Ruleset | undefined {
  return rulesets.find((ruleset) => ruleset.kind === entrypoint && ruleset.phase === phase)
}
