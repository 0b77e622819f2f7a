/** Counts what every rule would have done, and keeps the first requests of each as examples. */
import type { RecordedRequest } from '#engines/traffic'
import type { Violation } from './detection.ts'
import type { Evidence } from './evidence.ts'
import type { Decision, HeldRule } from './judge.ts'
import type { ListedRule } from './listed-rules.ts'

/** A request and where it stands. */
export type Located = {
  readonly file: string
  /** Line, or entry of a HAR file. */
  readonly number: number
  readonly request: RecordedRequest
}

export type Tally = {
  add(located: Located, decision: Decision): void
  /** One a rule, in the order of the rules. */
  rows(): readonly RuleRow[]
  counts(): Counts
}

type RuleRow = {
  readonly rule: string
  readonly ruleset: string | null
  readonly description: string
  readonly action: string
  /** Requests for which it was asked and held. */
  readonly matched: number
  readonly requests: readonly Example[]
  readonly unknown_fields?: readonly string[]
}

type Example = {
  readonly file: string
  readonly line: number
  readonly method: string
  readonly url: string
  readonly violations?: readonly Pick<Violation, 'location' | 'target' | 'message'>[]
  /** Why a limit or a sequence acts on it, by the names of the shield's events. */
  readonly reason?: string
  readonly missing_step?: number
}

type Counts = {
  readonly requests: number
  /** Let through without any rule that held. */
  readonly passed: number
  /** Let through, and at least one rule held. */
  readonly noted: number
  readonly blocked: number
  readonly url_too_long: number
  /** Their bodies were not recorded, so nothing was said about them. */
  readonly bodies_unknown: number
  /** Their client's address was not recorded; those that are counted by it are counted together. */
  readonly clients_unknown: number
}

const VIOLATIONS_SHOWN_MAX = 3
const URL_CHARACTERS_SHOWN_MAX = 512

/** `examplesMax` bounds the requests that are kept for one rule. */
export function createTally(rules: readonly ListedRule[], examplesMax: number): Tally {
  const tallied = new Map(
    rules.map((rule) => [rule.id, { rule, matched: 0, examples: new Array<Example>() }]),
  )
  const counts = {
    requests: 0,
    passed: 0,
    noted: 0,
    blocked: 0,
    url_too_long: 0,
    bodies_unknown: 0,
    clients_unknown: 0,
  }

  function count({ id, evidence }: HeldRule, located: Located): void {
    const entry = tallied.get(id)
    if (entry === undefined) throw new Error(`the rule ${id} is not listed`)
    entry.matched += 1
    if (entry.examples.length < examplesMax) entry.examples.push(exampleOf(located, evidence))
  }

  return {
    add(located, decision) {
      counts.requests += 1
      if (decision.kind === 'url_too_long') {
        counts.url_too_long += 1
        return
      }
      const { noted, blocked, isBodyUnknown, isClientUnknown } = decision
      counts[blocked !== null ? 'blocked' : noted.length > 0 ? 'noted' : 'passed'] += 1
      if (isBodyUnknown) counts.bodies_unknown += 1
      if (isClientUnknown) counts.clients_unknown += 1
      for (const held of noted) count(held, located)
      if (blocked !== null) count(blocked, located)
    },
    rows: () => [...tallied.values()].map(rowOf),
    counts: () => ({ ...counts }),
  }
}

type Tallied = {
  readonly rule: ListedRule
  readonly matched: number
  readonly examples: readonly Example[]
}

function rowOf({ rule, matched, examples }: Tallied): RuleRow {
  const { name, ruleset, description, action, unknownFields } = rule
  return {
    rule: name,
    ruleset,
    description,
    action,
    matched,
    requests: examples,
    ...(unknownFields.length === 0 ? {} : { unknown_fields: unknownFields }),
  }
}

function exampleOf(
  { file, number, request: { method, url } }: Located,
  evidence: Evidence | null,
): Example {
  const shownUrl = url.slice(0, URL_CHARACTERS_SHOWN_MAX)
  return { file, line: number, method, url: shownUrl, ...shown(evidence) }
}

function shown(evidence: Evidence | null): Pick<Example, 'violations' | 'reason' | 'missing_step'> {
  if (evidence === null) return {}
  if (evidence.kind === 'session') {
    const { reason, missingStep } = evidence
    return missingStep === null ? { reason } : { reason, missing_step: missingStep }
  }
  const violations = evidence.violations
    .slice(0, VIOLATIONS_SHOWN_MAX)
    .map(({ location, target, message }) => ({ location, target, message }))
  return violations.length === 0 ? {} : { violations }
}
