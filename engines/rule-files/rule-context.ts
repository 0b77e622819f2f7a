/** Where a rule stands: what it may say depends on it. */
import type { ListKind } from '#engines/expressions'

/** The phases whose rules an operator writes. */
export const RULE_PHASES = ['http_request_firewall_custom', 'http_ratelimit'] as const

export type RulePhase = (typeof RULE_PHASES)[number]

/** `root` and `zone` are the entry points of a phase, the account's and the zone's; `custom` runs when a rule executes it. */
export type RulesetKind = 'zone' | 'custom' | 'root'

/** The kind of each list by its name. */
export type ListKinds = { readonly [name: string]: ListKind }

/** What there is outside of a file; where that is not known, any name will do. */
export type Surroundings = {
  /** Which expressions may name besides the file's own. */
  readonly lists?: ListKinds | undefined
  /** Ids of the saved operations. */
  readonly operations?: ReadonlySet<string> | undefined
}

export type RuleContext = {
  readonly phase: RulePhase
  readonly kind: RulesetKind
  /** The lists that an expression may name; `null` when that cannot be known here, and then any name will do. */
  readonly lists: ListKinds | null
}

export function isRulePhase(value: unknown): value is RulePhase {
  return RULE_PHASES.some((phase) => phase === value)
}
