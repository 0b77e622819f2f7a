/**
 * GraphQL settings as rules: what cannot be measured, and what is not registered. Both speak of requests that are GraphQL
 * only, because "not parsed" is also true of every other request.
 */
import { compiled } from './compiled.ts'
import type { PlanInput } from './input.ts'
import type { Rule, RuleAction, RuleList } from './rule.ts'

export function graphqlLists<Needs>(input: PlanInput<Needs>): readonly RuleList<Needs>[] {
  const { unparsed, isRegisteredOnly } = input.graphql
  const drafts = [
    ...(unparsed === 'none' ? [] : [{ ...UNPARSED, ...UNPARSED_BY_ACTION[unparsed] }]),
    ...(isRegisteredOnly ? [UNREGISTERED] : []),
  ]
  const rules = drafts.map((draft) => graphqlRule(input, draft))
  return [{ rulesetId: null, candidates: () => rules }]
}

type Draft = Pick<Rule<never>, 'id' | 'description'> & {
  readonly source: string
  readonly action: RuleAction<never>
}

const UNPARSED = {
  description: 'The GraphQL request cannot be measured',
  source: 'cf.portcullis.graphql.detected and not cf.api_gateway.graphql.parsed_successfully',
}

const UNPARSED_BY_ACTION = {
  log: { id: 'graphql-unparsed-log', action: { kind: 'log' } },
  block: { id: 'graphql-unparsed-block', action: { kind: 'block', response: null } },
} as const satisfies { readonly [action: string]: Pick<Draft, 'id' | 'action'> }

const UNREGISTERED: Draft = {
  id: 'graphql-registered-only',
  description: 'The GraphQL document is not registered',
  source: 'cf.portcullis.graphql.detected and not cf.portcullis.graphql.is_registered',
  action: { kind: 'block', response: null },
}

function graphqlRule<Needs>({ lists, needs }: PlanInput<Needs>, draft: Draft): Rule<Needs> {
  const expression = compiled(draft.source, lists)
  return {
    id: draft.id,
    description: draft.description,
    action: draft.action,
    rulesetId: null,
    source: 'portcullisGraphql',
    operationIds: null,
    expression,
    needs: needs(expression),
  }
}
