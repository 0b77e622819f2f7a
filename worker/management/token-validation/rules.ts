/**
 * Token validation rules: what has to hold for the operations that a rule's selector covers. Their order is their
 * precedence, and only the first enabled rule that covers an operation applies to it (engines/rulesets). Preflight requests
 * carry no token: where browsers call, an expression has to let them pass with `or http.request.method eq "OPTIONS"`.
 */
import { ok } from '#engines/result'
import type { TokenRule } from '../../storage/resources/tokens.ts'
import { readBody } from '../body.ts'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { paginate, readPage } from '../pagination.ts'
import { changeRules, rulesOf, settled } from './rules/change.ts'
import { readRuleFilter, selectedRules } from './rules/filter.ts'
import { changedRule, NEW_RULE, newRule, RULE_CHANGE } from './rules/read-rule.ts'
import { excludedIds } from './rules/selector.ts'

/** At the end, unless a position says otherwise. */
export async function createTokenRule(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, NEW_RULE)
  if (!body.ok) return body
  const { position, ...content } = body.value
  const id = call.ports.uuid()
  const operationIds = excludedIds(content.selector)
  return changeRules(call, { action: 'token_validation.rules.create', operationIds }, (state) => {
    const rule = newRule({ id, content }, state, '')
    if (!rule.ok) return rule
    const rules = settled(rule.value, state.rules, position)
    return rules.ok ? ok({ rules: rules.value, result: rule.value, touched: [rule.value] }) : rules
  })
}

export async function listTokenRules({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const filter = readRuleFilter(query)
  if (!filter.ok) return filter
  const { documents } = await ports.zone.read({ token_rules: 'all' })
  return ok(paginate(selectedRules(rulesOf(documents), filter.value), page.value))
}

export async function getTokenRule({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ token_rules: 'all' })
  const rule = rulesOf(documents).find(({ id }) => id === param('rule_id'))
  return rule === undefined ? problem('not_found') : ok({ result: rule })
}

/** What the body does not say stays as it is, also the rule's place. */
export async function editTokenRule(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, RULE_CHANGE)
  if (!body.ok) return body
  const { position, ...change } = body.value
  const operationIds = excludedIds(change.selector)
  return changeRules(call, { action: 'token_validation.rules.edit', operationIds }, (state) => {
    const stored = state.rules.find(({ id }) => id === call.param('rule_id'))
    if (stored === undefined) return problem('not_found')
    const rule = changedRule({ stored, change }, state, '')
    if (!rule.ok) return rule
    const rules = settled(rule.value, state.rules, position)
    return rules.ok ? ok({ rules: rules.value, result: rule.value, touched: [rule.value] }) : rules
  })
}

export async function deleteTokenRule(call: Call): Promise<Outcome> {
  const id = call.param('rule_id')
  const change = { action: 'token_validation.rules.delete', operationIds: [] }
  return changeRules(call, change, ({ rules }) => {
    const left = rules.filter((rule: TokenRule) => rule.id !== id)
    return left.length === rules.length
      ? problem('not_found')
      : ok({ rules: left, result: { id }, touched: [] })
  })
}
