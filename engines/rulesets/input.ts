/** What a plan is made from: the parts of the stored resources that decide, in the wire's shape. */
import type { CompiledExpression } from '#engines/expressions'
import type { ActionParameters, RateLimit } from '#engines/rule-files'
import type { Lists } from './lists.ts'

export type RulesetInput = {
  readonly id: string
  /** `root` and `zone` are entry points, the account's before the zone's; `custom` runs when a rule executes it. */
  readonly kind: string
  readonly phase: string
  readonly rules: readonly RuleInput[]
}

export type RuleInput = {
  readonly id: string
  readonly description: string
  readonly enabled: boolean
  readonly expression: string
  readonly action: string
  readonly action_parameters?: ActionParameters
  readonly logging?: { readonly enabled: boolean }
  readonly ratelimit?: RateLimit
}

export type TokenRuleInput = {
  readonly id: string
  readonly title: string
  /** What has to hold: the action is taken when it is false. */
  readonly expression: string
  readonly action: 'log' | 'block'
  /** The operations that it applies to: no two rules have one in common. */
  readonly operationIds: ReadonlySet<string>
}

/** A rule about the order of operations; which request breaks it is found by whoever remembers sessions. */
export type SequenceRuleInput = {
  readonly id: string
  readonly description: string
  readonly action: 'log' | 'block'
  /** The operations that can break it; null is all. */
  readonly operationIds: ReadonlySet<string> | null
}

/** For which operations a departure from the schema is noted, and for which it stops the request. */
export type SchemaMitigation = {
  readonly logged: ReadonlySet<string>
  readonly blocked: ReadonlySet<string>
}

/** What becomes of GraphQL requests, beside what custom rules say of them. */
export type GraphqlMitigation = {
  /** What a request leads to of which nothing is known, because it cannot be measured. */
  readonly unparsed: 'none' | 'log' | 'block'
  /** What is not registered does not run. */
  readonly isRegisteredOnly: boolean
}

export type PlanInput<Needs> = {
  readonly rulesets: readonly RulesetInput[]
  /** Token validation rules in the order of their precedence. */
  readonly tokens: readonly TokenRuleInput[]
  readonly graphql: GraphqlMitigation
  readonly schema: SchemaMitigation
  /** In the order in which they are asked. */
  readonly sequences: readonly SequenceRuleInput[]
  /** What the expressions may name. */
  readonly lists: Lists
  /** What has to happen before a rule with this expression is asked. */
  readonly needs: (expression: Pick<CompiledExpression, 'uses'>) => Needs
}
