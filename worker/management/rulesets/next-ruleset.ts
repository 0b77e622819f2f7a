/**
 * From the ruleset as it is and the rules that are wanted to the ruleset as it will be. A rule is recognised by its id,
 * else by its ref, and keeps its id; its version and date change only when its content does. Whether refs are unique is the caller's to check.
 */
import type { RuleContent } from '#engines/rule-files'
import type { Rule, Ruleset } from '../../storage/resources.ts'

export type WantedRule = { readonly id?: string | undefined; readonly content: RuleContent }

export type RulesetPorts = {
  /** RFC 3339. */
  readonly now: string
  /** A fresh id of 32 hex digits. */
  readonly newId: () => string
}

export type WantedRuleset = {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly rules?: readonly Rule[] | undefined
}

/** Rules of the ruleset in the wanted order. */
export function nextRules(
  stored: readonly Rule[],
  wanted: readonly WantedRule[],
  ports: RulesetPorts,
): readonly Rule[] {
  const claimed = new Set(wanted.map(({ id }) => id))
  const others = stored.filter(({ id }) => !claimed.has(id))
  return wanted.map(({ id, content }) => {
    const byId = stored.find((rule) => rule.id === id)
    const known = byId ?? others.find((rule) => rule.ref === content.ref)
    return nextRule(known, content, ports)
  })
}

/** The very same object when nothing changes. What is not said stays as it is. */
export function nextRuleset(
  stored: Ruleset | undefined,
  wanted: WantedRuleset,
  { now, newId }: RulesetPorts,
): Ruleset {
  const content = {
    name: wanted.name ?? stored?.name ?? 'default',
    description: wanted.description ?? stored?.description ?? '',
    rules: wanted.rules ?? stored?.rules ?? [],
  }
  if (stored !== undefined && isSame(content, stored)) return stored
  return {
    id: stored?.id ?? newId(),
    kind: 'zone',
    phase: 'http_request_firewall_custom',
    version: successor(stored?.version),
    last_updated: now,
    ...content,
  }
}

function isSame(
  content: Pick<Ruleset, 'name' | 'description' | 'rules'>,
  stored: Ruleset,
): boolean {
  return (
    content.name === stored.name &&
    content.description === stored.description &&
    content.rules.length === stored.rules.length &&
    content.rules.every((rule, index) => rule === stored.rules[index])
  )
}

function nextRule(
  stored: Rule | undefined,
  content: RuleContent,
  { now, newId }: RulesetPorts,
): Rule {
  const id = stored?.id ?? newId()
  const { ref = stored?.ref ?? id, ...rest } = content
  if (
    stored !== undefined &&
    JSON.stringify(contentOf(stored)) === JSON.stringify(contentOf({ ref, ...rest }))
  ) {
    return stored
  }
  return { id, ref, version: successor(stored?.version), ...rest, last_updated: now }
}

/** The members that make up what a rule says, in one order. */
function contentOf(rule: RuleContent): RuleContent {
  const { ref, description, expression, action, action_parameters, enabled } = rule
  return {
    ...(ref === undefined ? {} : { ref }),
    description,
    expression,
    action,
    ...(action_parameters === undefined ? {} : { action_parameters }),
    enabled,
  }
}

/** Versions are whole numbers as text, from "1". */
function successor(version: string | undefined): string {
  return String(Number(version ?? '0') + 1)
}
