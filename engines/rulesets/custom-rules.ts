/** The rules that operators write, as Cloudflare's phase http_request_firewall_custom has them. */
import { compiled } from './compiled.ts'
import { entryLists } from './entry-lists.ts'
import type { PlanInput } from './input.ts'
import type { RuleList } from './rule.ts'

export function customLists<Needs>(input: PlanInput<Needs>): readonly RuleList<Needs>[] {
  return entryLists(
    'http_request_firewall_custom',
    input,
    ({ rule: { id, description, expression: source }, rulesetId, action }) => {
      const expression = compiled(source, input.lists)
      return {
        id,
        description,
        rulesetId,
        source: 'firewallCustom',
        expression,
        operationIds: null,
        needs: input.needs(expression),
        action,
      }
    },
  )
}
