/** Several token validation rules in one call: all of them are made or changed, or none. */
import * as z from 'zod/mini'
import { err, ok } from '#engines/result'
import type { TokenRule } from '../../../storage/resources/tokens.ts'
import { readBody } from '../../body.ts'
import { type Problem, problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { below, changeRules, settled } from './change.ts'
import { changedRule, NEW_RULE, newRule, RULE_CHANGE } from './read-rule.ts'
import { excludedIds } from './selector.ts'

const COUNT = [z.minLength(1), z.maxLength(LIMITS.tokenRulesMax)] as const

const NEW_RULES = z.array(NEW_RULE).check(...COUNT)

const RULE_CHANGES = z.array(z.extend(RULE_CHANGE, { id: z.string() })).check(...COUNT)

export async function bulkCreateTokenRules(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, NEW_RULES)
  if (!body.ok) return body
  const drafts = body.value.map((draft) => ({ id: call.ports.uuid(), draft }))
  const operationIds = body.value.flatMap(({ selector }) => excludedIds(selector))
  const action = 'token_validation.rules.bulk_create'
  return changeRules(call, { action, operationIds }, (state) => {
    let { rules } = state
    const made: TokenRule[] = []
    const problems: Problem[] = []
    for (const [index, { id, draft }] of drafts.entries()) {
      const { position, ...content } = draft
      const rule = newRule({ id, content }, state, `/${index}`)
      const next = rule.ok ? settled(rule.value, rules, position) : rule
      if (rule.ok && next.ok) {
        made.push(rule.value)
        rules = next.value
      } else if (!rule.ok) problems.push(...rule.error)
      else if (!next.ok) problems.push(...below(`/${index}`, next.error))
    }
    if (problems.length > 0) return err(problems)
    return ok({ rules, result: made, touched: made })
  })
}

/** One after another, so a position speaks of the order that the changes before it have left. */
export async function bulkEditTokenRules(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, RULE_CHANGES)
  if (!body.ok) return body
  const operationIds = body.value.flatMap(({ selector }) => excludedIds(selector))
  const action = 'token_validation.rules.bulk_edit'
  return changeRules(call, { action, operationIds }, (state) => {
    let { rules } = state
    const problems: Problem[] = []
    for (const [index, { id, position, ...change }] of body.value.entries()) {
      const pointer = `/${index}`
      const stored = rules.find((rule) => rule.id === id)
      if (stored === undefined) {
        problems.push(
          ...problem('not_found', 'There is no rule with this id.', `${pointer}/id`).error,
        )
        continue
      }
      const rule = changedRule({ stored, change }, state, pointer)
      if (!rule.ok) {
        problems.push(...rule.error)
        continue
      }
      const next = settled(rule.value, rules, position)
      if (next.ok) rules = next.value
      else problems.push(...below(pointer, next.error))
    }
    if (problems.length > 0) return err(problems)
    const byId = new Map(rules.map((rule) => [rule.id, rule]))
    const edited = [...new Set(body.value.map(({ id }) => id))].flatMap((id) => byId.get(id) ?? [])
    return ok({ rules, result: edited, touched: edited })
  })
}
