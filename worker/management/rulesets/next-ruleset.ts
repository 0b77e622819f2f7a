/**
 * From the ruleset as it is and the rules that are wanted to the ruleset as it will be. A rule is recognised by its id,
 * else by its ref, and keeps its id; its version and date change only when its content does. Whether refs are unique is the caller's to check.
 */
import type { RuleContent } from '#engines/rule-files'
import type { Rule, Ruleset } from '../../storage/resources.ts'
import type { ManagementPorts } from '../ports.ts'

export type WantedRule = { readonly id?: string | undefined; readonly content: RuleContent }

export type RulesetPorts = {
  /** RFC 3339. */
  readonly now: string
  /** A fresh id of 32 hex digits. */
  readonly newId: () => string
}

/** What is not said stays as it is; kind and phase never change. */
export type WantedRuleset = Pick<Ruleset, 'kind' | 'phase'> & {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly rules?: readonly Rule[] | undefined
}

/** Cloudflare's ids of rulesets, rules and lists are UUIDs without their dashes. */
export function rulesetPorts(ports: ManagementPorts): RulesetPorts {
  return {
    now: new Date(ports.nowMs()).toISOString(),
    newId: () => ports.uuid().replaceAll('-', ''),
  }
}

/** Rules of the ruleset in the wanted order. */
export function nextRules(
  stored: readonly Rule[],
  wanted: readonly WantedRule[],
  ports: RulesetPorts,
): readonly Rule[] {
  const byId = new Map(stored.map((rule) => [rule.id, rule]))
  const claimed = new Set(wanted.map(({ id }) => id))
  const others = stored.filter(({ id }) => !claimed.has(id))
  const byRef = new Map(others.map((rule) => [rule.ref, rule]))
  return wanted.map(({ id, content }) => {
    const known = id === undefined ? undefined : byId.get(id)
    return nextRule(known ?? byRef.get(content.ref ?? ''), content, ports)
  })
}

/** The very same object when nothing changes. */
export function nextRule(
  stored: Rule | undefined,
  content: RuleContent,
  { now, newId }: RulesetPorts,
): Rule {
  const id = stored?.id ?? newId()
  const { ref = stored?.ref ?? id, ...rest } = content
  if (
    stored !== undefined &&
    JSON.stringify(contentOf(stored)) === JSON.stringify({ ref, ...rest })
  )
    return stored
  return { id, ref, version: successor(stored?.version), ...rest, last_updated: now }
}

/** What a rule says, without what makes it one of a ruleset. */
export function contentOf(rule: Rule): RuleContent {
  const { id: _id, version: _version, last_updated: _date, ...content } = rule
  return content
}

/** The very same object when nothing changes. */
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
    id: stored?.id ?? wanted.id ?? newId(),
    kind: wanted.kind,
    phase: wanted.phase,
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

/** Versions are whole numbers as text, from "1". */
function successor(version: string | undefined): string {
  return String(Number(version ?? '0') + 1)
}
