/**
 * What a GraphQL request leads to that cannot be measured. A zone that never spoke of GraphQL notices nothing. Otherwise, unless
 * a setting says so, it is as strict as what the zone asks for: a rule that blocks large queries would be evaded by one that
 * nobody can measure, and one that only logs should not begin to block.
 */
import { compileCondition } from '#engines/expressions'
import { GRAPHQL_FIELDS } from '#engines/request-fields'
import type { GraphqlMitigation, Lists } from '#engines/rulesets'
import type { PublishedZone } from '../storage/collections.ts'
import { DEFAULT_GRAPHQL_SETTINGS, type GraphqlSettings } from '../storage/resources/graphql.ts'

export function graphqlMitigation(zone: PublishedZone, lists: Lists): GraphqlMitigation {
  const settings = zone.graphql_settings[0] ?? DEFAULT_GRAPHQL_SETTINGS
  return {
    unparsed: settings.unparsed_action ?? followed(zone, settings, lists),
    isRegisteredOnly: settings.persisted_queries === 'only',
  }
}

function followed(
  zone: PublishedZone,
  { endpoints, persisted_queries }: GraphqlSettings,
  lists: Lists,
): GraphqlMitigation['unparsed'] {
  if (endpoints.length > 0 || persisted_queries === 'only') return 'block'
  const rules = zone.ruleset.flatMap((ruleset) => ruleset.rules)
  const asking = rules.filter(({ enabled, expression }) => enabled && asks(expression, lists))
  const actions = new Set(asking.map(({ action }) => action))
  if (actions.has('block')) return 'block'
  return actions.has('log') ? 'log' : 'none'
}

function asks(source: string, { kinds }: Lists): boolean {
  // Nearly every rule is about something else, and compiling costs.
  if (!source.includes('.graphql.')) return false
  const compiled = compileCondition(source, { lists: kinds })
  return compiled.ok && compiled.value.uses.some(({ field }) => FIELDS.has(field))
}

const FIELDS: ReadonlySet<string> = new Set(GRAPHQL_FIELDS)
