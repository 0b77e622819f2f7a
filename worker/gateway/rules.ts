/** Everything that can stop a request, compiled: the plan that is walked, and what its rules have to be told of a request. */
import type { FieldUse } from '#engines/expressions'
import { SESSION_HISTORY_FIELDS } from '#engines/request-fields'
import {
  applyTokenRules,
  compilePlan,
  compileRateRules,
  type Lists,
  type Plan,
  type Rule,
  SEQUENCE_BROKEN,
} from '#engines/rulesets'
import { compileSequenceRules, type SessionRules } from '#engines/session-rules'
import type { PublishedZone } from '../storage/collections.ts'
import type { Detector } from './detectors/detector.ts'
import { createDetectorChoice } from './detectors/index.ts'
import { sequenceContentOf } from '../storage/resources/sequences.ts'
import { graphqlMitigation } from './graphql-mitigation.ts'
import { areKept } from './kept.ts'
import { schemaMitigation } from './schema-mitigation.ts'

export type GatewayRule = Rule<readonly Detector[]>

export type GatewayRules = SessionRules<readonly Detector[]> & {
  /** The rules of all phases in the order in which they are asked. */
  readonly plan: Plan<readonly Detector[]>
  /** What has to run for a session's memory to be told of a request. */
  readonly sessionDetectors: readonly Detector[]
}

type Parts = {
  readonly zone: PublishedZone
  readonly lists: Lists
  /** Those that a schema describes. */
  readonly describedOperationIds: ReadonlySet<string>
  readonly sessionTokenIds: readonly string[]
}

/** @throws when a rule does not compile; it was checked when it was written. */
export function compileRules({
  zone,
  lists,
  describedOperationIds,
  sessionTokenIds,
}: Parts): GatewayRules {
  const detectorsFor = createDetectorChoice({
    tokenIds: zone.token_configuration.map(({ id }) => id),
    sessionTokenIds,
  })
  const read = new Set<string>()
  const needs = ({ uses }: { readonly uses: readonly FieldUse[] }): readonly Detector[] => {
    for (const { field } of uses) read.add(field)
    return detectorsFor(uses)
  }
  const rateRules = compileRateRules({ rulesets: zone.ruleset, lists, needs })
  const sequences = compileSequenceRules({
    twoSteps: zone.seqrules.flatMap((document) => document.rules),
    patterns: zone.sequence_rule.map((rule) => ({ id: rule.id, content: sequenceContentOf(rule) })),
    needs,
  })
  const tokenRules = zone.token_rules.flatMap(({ rules }) => rules)
  const plan = compilePlan({
    rulesets: zone.ruleset,
    tokens: applyTokenRules(tokenRules, zone.operation),
    graphql: graphqlMitigation(zone, lists),
    schema: schemaMitigation(zone, describedOperationIds),
    sequences: sequences.inputs,
    lists,
    needs,
  })
  return {
    plan,
    rateRules,
    sequences,
    historyReads: new Set(SESSION_HISTORY_FIELDS.filter((field) => read.has(field))),
    sessionDetectors: detectorsFor([{ field: SEQUENCE_BROKEN }]),
  }
}

/** Whether the rules of a zone are the very ones that were compiled before. */
export function areRulesKept(before: PublishedZone | undefined, zone: PublishedZone): boolean {
  return (
    areKept(before, zone, ...PARTS_OF_RULES) &&
    // Token validation rules select among operations.
    (areKept(before, zone, 'operation') ||
      zone.token_rules.every(({ rules }) => rules.length === 0))
  )
}

const PARTS_OF_RULES = [
  'ruleset',
  'list',
  'schema_profile',
  'schema_settings',
  'operation_setting',
  'token_rules',
  'token_configuration',
  'configuration',
  'graphql_settings',
  'sequence_rule',
  'seqrules',
] as const
