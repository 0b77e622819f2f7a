/** The filters of the list of token validation rules. Those that are given must all hold. */
import { ok, type Result } from '#engines/result'
import type { TokenRule } from '../../../storage/resources/tokens.ts'
import type { Problems } from '../../envelope.ts'
import { readFlag, readWord } from '../../pagination.ts'

export type RuleFilter = {
  readonly ids: ReadonlySet<string>
  readonly hosts: ReadonlySet<string>
  readonly configurations: readonly string[]
  readonly action: 'log' | 'block' | undefined
  readonly enabled: boolean | undefined
}

export function readRuleFilter(query: URLSearchParams): Result<RuleFilter, Problems> {
  const action = readWord(query, 'action', ['log', 'block'])
  if (!action.ok) return action
  const enabled = readFlag(query, 'enabled')
  if (!enabled.ok) return enabled
  return ok({
    // Cloudflare has two names for each of these.
    ids: new Set([...query.getAll('id'), ...query.getAll('rule_id')]),
    hosts: new Set(
      [...query.getAll('host'), ...query.getAll('hostname')].map((host) => host.toLowerCase()),
    ),
    configurations: query.getAll('token_configuration'),
    action: action.value,
    enabled: enabled.value,
  })
}

export function selectedRules(
  rules: readonly TokenRule[],
  { ids, hosts, configurations, action, enabled }: RuleFilter,
): readonly TokenRule[] {
  return rules.filter(
    (rule) =>
      (ids.size === 0 || ids.has(rule.id)) &&
      (hosts.size === 0 || includedHosts(rule).some((host) => hosts.has(host))) &&
      (configurations.length === 0 ||
        configurations.some((id) => id !== '' && rule.expression.includes(id))) &&
      (action === undefined || rule.action === action) &&
      (enabled === undefined || rule.enabled === enabled),
  )
}

function includedHosts({ selector }: TokenRule): readonly string[] {
  return (selector.include ?? []).flatMap(({ host = [] }) => host)
}
