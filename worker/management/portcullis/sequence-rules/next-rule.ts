/** From the sequence rule as it is to the one that is wanted. */
import type { SequenceContent } from '#engines/sequences'
import { type SequenceRule, sequenceRuleOf } from '../../../storage/resources/sequences.ts'
import type { RulesetPorts } from '../../rulesets/next-ruleset.ts'

/** The very same object when nothing changes. */
export function nextSequenceRule(
  stored: SequenceRule | undefined,
  content: SequenceContent,
  { now, newId }: RulesetPorts,
): SequenceRule {
  if (stored === undefined) return sequenceRuleOf(content, { id: newId(), last_updated: now })
  const next = sequenceRuleOf(content, stored)
  return JSON.stringify(next) === JSON.stringify(stored) ? stored : { ...next, last_updated: now }
}
