/** How many rulesets and rules a zone may hold, and how long they may be all together. */
import type { Ruleset } from '../../storage/resources.ts'
import { LIMITS } from '../limits.ts'

/** What is too much when `changed` are some of `rulesets`, in words; `null` when all fit. */
export function quotaProblem(
  rulesets: readonly Ruleset[],
  changed: readonly Ruleset[],
): string | null {
  if (changed.length === 0) return null
  if (rulesets.length > LIMITS.rulesetsMax)
    return `There may be at most ${LIMITS.rulesetsMax} rulesets.`
  if (changed.some(({ rules }) => rules.length > LIMITS.rulesMax))
    return `A ruleset may have at most ${LIMITS.rulesMax} rules.`
  const characters = rulesets.reduce((sum, ruleset) => sum + JSON.stringify(ruleset).length, 0)
  return characters > LIMITS.rulesetCharactersTotalMax
    ? `All rulesets together may have at most ${LIMITS.rulesetCharactersTotalMax} characters.`
    : null
}
