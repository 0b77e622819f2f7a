/**
 * A rule as it is run: whatever it was in the configuration, here it is an expression and an action. `Needs` is what a host
 * of the engine attaches to a rule, such as the detectors that must run before it.
 */
import type { CompiledExpression } from '#engines/expressions'
import type { ActionParameters } from '#engines/rule-files'

/** What the client gets instead of the standard rejection. */
export type BlockResponse = NonNullable<ActionParameters['response']>

export type Rule<Needs> = {
  readonly id: string
  readonly description: string
  readonly rulesetId: string | null
  readonly source: RuleSource
  readonly expression: CompiledExpression
  /** The operations it can apply to; `null` is every request. */
  readonly operationIds: ReadonlySet<string> | null
  readonly needs: Needs
  readonly action: RuleAction<Needs>
}

/** Who decided, by Cloudflare's names where there is one. */
type RuleSource =
  | 'firewallCustom'
  | 'rateLimit'
  | 'apiShieldTokenValidation'
  | 'apiShieldSchemaValidation'
  | 'apiShieldSequenceMitigation'
  /** Ours: Cloudflare has custom rules alone for GraphQL. */
  | 'portcullisGraphql'

export type RuleAction<Needs> =
  | { readonly kind: 'log' }
  | { readonly kind: 'block'; readonly response: BlockResponse | null }
  | { readonly kind: 'skip'; readonly skip: Skip; readonly isLogged: boolean }
  | { readonly kind: 'execute'; readonly list: RuleList<Needs> }

export type Skip = {
  /** The rest of the ruleset that the rule stands in. */
  readonly isCurrentRuleset: boolean
  readonly phases: ReadonlySet<string>
  readonly rulesetIds: ReadonlySet<string>
  readonly ruleIds: ReadonlySet<string>
}

/** The rules of one ruleset in their order, and the quick way to those that can apply. */
export type RuleList<Needs> = {
  readonly rulesetId: string | null
  readonly candidates: (request: IndexedRequest) => readonly Rule<Needs>[]
}

/** What the index of rules looks at. */
export type IndexedRequest = {
  readonly host: string
  readonly method: string
  readonly path: string
}

export type Plan<Needs> = readonly {
  readonly phase: string
  /** Entry points, in the order in which they run. */
  readonly lists: readonly RuleList<Needs>[]
}[]
