/** Sequence rules: what a Session object finds about the order of a session's operations, and what that leads to. */
import type { PlanInput } from './input.ts'
import type { RuleList } from './rule.ts'
import { foundOf, SEQUENCE_BROKEN } from './session-verdicts.ts'

export function sequenceLists<Needs>({
  sequences,
  needs,
}: PlanInput<Needs>): readonly RuleList<Needs>[] {
  const rules = sequences.map(({ id, description, action, operationIds }) => {
    const expression = foundOf(SEQUENCE_BROKEN, id, ANY)
    return {
      id,
      description,
      rulesetId: null,
      source: 'apiShieldSequenceMitigation',
      expression,
      operationIds,
      needs: needs(expression),
      action: action === 'log' ? LOG : BLOCK,
    } as const
  })
  return [{ rulesetId: null, candidates: () => rules }]
}

const ANY = { source: 'true', conditions: {}, print: () => 'true' } as const

const LOG = { kind: 'log' } as const
const BLOCK = { kind: 'block', response: null } as const
