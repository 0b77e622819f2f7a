/**
 * From the configuration to the plan that is walked for each request: the phases in order, every rule compiled, every
 * `execute` resolved.
 */
import { customLists } from './custom-rules.ts'
import { graphqlLists } from './graphql-rules.ts'
import type { PlanInput } from './input.ts'
import type { Plan, RuleList } from './rule.ts'
import { RATE_PHASE, rateLists } from './rate-rules.ts'
import { schemaLists } from './schema-rules.ts'
import { sequenceLists } from './sequence-rules.ts'
import { tokenLists } from './token-rules.ts'

type Phase = {
  /** Cloudflare's name where it has one; a `skip` rule speaks of phases by it. */
  readonly name: string
  readonly lists: <Needs>(input: PlanInput<Needs>) => readonly RuleList<Needs>[]
}

/** Everything that can stop a request is a rule of one of these. */
const PHASES: readonly Phase[] = [
  // Identity and order before content: who may not come in has nothing parsed for him.
  { name: 'http_request_firewall_custom', lists: customLists },
  // How much before what: whoever asks too often has nothing verified and nothing parsed.
  { name: RATE_PHASE, lists: rateLists },
  // Who the client says it is, before what it says.
  { name: 'token_validation', lists: tokenLists },
  // Content reads the body: first how much is asked for, then whether it is as described.
  { name: 'graphql', lists: graphqlLists },
  { name: 'schema_validation', lists: schemaLists },
  // Last, so that a session remembers what went on to the API.
  { name: 'sequence_mitigation', lists: sequenceLists },
]

/** @throws when the configuration cannot be a plan; it was checked when it was written, so that is a bug or damage. */
export function compilePlan<Needs>(input: PlanInput<Needs>): Plan<Needs> {
  return PHASES.map(({ name, lists }) => ({ phase: name, lists: lists(input) }))
}
