/** Counts what every rule would have done, and keeps the first requests of each as examples. */
import type { RecordedRequest } from '#engines/traffic'
import type { Decision, RuleName, Violation } from './judge.ts'

export type ListedRule = RuleName & {
  readonly description: string
  readonly action: string
  /** Fields it reads that a recording cannot tell. */
  readonly unknownFields: readonly string[]
}

/** A request and where it stands. */
type Located = {
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
}

const VIOLATIONS_SHOWN_MAX = 3
const URL_CHARACTERS_SHOWN_MAX = 512

/** `examplesMax` bounds the requests that are kept for one rule. */
export function createTally(rules: readonly ListedRule[], examplesMax: number): Tally {
  const tallied = new Map(
    rules.map((rule) => [keyOf(rule), { rule, matched: 0, examples: new Array<Example>() }]),
  )
  const counts = {
    requests: 0,
    passed: 0,
    noted: 0,
    blocked: 0,
    url_too_long: 0,
    bodies_unknown: 0,
  }

  function count(name: RuleName, located: Located, violations: readonly Violation[]): void {
    const entry = tallied.get(keyOf(name))
    if (entry === undefined) throw new Error(`the rule ${name.id} is not listed`)
    entry.matched += 1
    if (entry.examples.length < examplesMax)
      entry.examples.push(exampleOf(located, name.rulesetId === null ? violations : []))
  }

  return {
    add(located, decision) {
      counts.requests += 1
      if (decision.kind === 'url_too_long') {
        counts.url_too_long += 1
        return
      }
      const { noted, blocked, violations, isBodyUnknown } = decision
      counts[blocked !== null ? 'blocked' : noted.length > 0 ? 'noted' : 'passed'] += 1
      if (isBodyUnknown) counts.bodies_unknown += 1
      for (const name of noted) count(name, located, violations)
      if (blocked !== null) count(blocked, located, violations)
    },
    rows: () => [...tallied.values()].map(rowOf),
    counts: () => ({ ...counts }),
  }
}

function keyOf({ rulesetId, id }: RuleName): string {
  return JSON.stringify([rulesetId, id])
}

type Tallied = {
  readonly rule: ListedRule
  readonly matched: number
  readonly examples: readonly Example[]
}

function rowOf({ rule, matched, examples }: Tallied): RuleRow {
  const { id, rulesetId, description, action, unknownFields } = rule
  return {
    rule: id,
    ruleset: rulesetId,
    description,
    action,
    matched,
    requests: examples,
    ...(unknownFields.length === 0 ? {} : { unknown_fields: unknownFields }),
  }
}

function exampleOf(
  { file, number, request: { method, url } }: Located,
  violations: readonly Violation[],
): Example {
  const shown = violations.slice(0, VIOLATIONS_SHOWN_MAX)
  return {
    file,
    line: number,
    method,
    url: url.slice(0, URL_CHARACTERS_SHOWN_MAX),
    ...(shown.length === 0
      ? {}
      : {
          violations: shown.map(({ location, target, message }) => ({ location, target, message })),
        }),
  }
}
