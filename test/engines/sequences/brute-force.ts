/**
 * The meaning of a pattern, taken literally: every choice of earlier events is tried. Judges the automaton, which keeps a
 * bounded state instead of the session.
 */
import { SEQUENCE_LIMITS, type SequenceInput, type SequencePattern } from '#engines/sequences'

type PlainStep = {
  /** `null` is any. */
  readonly operations: readonly string[] | null
  /** Name → the attribute of an event that has its value. */
  readonly binds: { readonly [name: string]: string }
  readonly withinMs: number | null
  readonly immediately: boolean
  readonly without: readonly string[]
}

export type PlainRule = {
  readonly kind: 'require' | 'forbid'
  readonly steps: readonly PlainStep[]
  readonly atMost: number | null
}

export type PlainEvent = {
  readonly operation: string
  readonly atMs: number
  /** The empty text is no value: it equals nothing where a rule requires, and anything where it forbids. */
  readonly attributes: { readonly [attribute: string]: string }
}

/** Whether the event breaks the rule; `before` are the events that were let through, all of them, oldest first. */
export function breaksRule(
  rule: PlainRule,
  before: readonly PlainEvent[],
  event: PlainEvent,
): boolean {
  const last = rule.steps.length - 1
  if (!canBe(rule, last, event)) return false
  const events = [...before, event]
  const choices = choicesOf(rule, events)
  const { atMost } = rule
  const isFree = choices.some(
    (choice) => atMost === null || usesSince(rule, events, choice.slice(0, last)) < atMost,
  )
  if (rule.kind === 'require') return !isFree
  return choices.length > 0 && (atMost === null || !isFree)
}

/** Every way to take all steps with the last event as the last one: indexes of events. */
function choicesOf(rule: PlainRule, events: readonly PlainEvent[]): readonly (readonly number[])[] {
  const last = rule.steps.length - 1
  const extend = (choice: readonly number[]): readonly (readonly number[])[] => {
    if (choice.length === rule.steps.length) return isLinked(rule, events, choice) ? [choice] : []
    const isLast = choice.length === last
    const from = isLast ? events.length - 1 : (choice.at(-1) ?? -1) + 1
    const to = isLast ? events.length : events.length - 1
    const found: (readonly number[])[] = []
    for (let index = from; index < to; index += 1) {
      if (canBe(rule, choice.length, eventAt(events, index)))
        found.push(...extend([...choice, index]))
    }
    return found
  }
  return extend([])
}

function isLinked(
  { kind, steps }: PlainRule,
  events: readonly PlainEvent[],
  choice: readonly number[],
): boolean {
  const bound = new Map<string, string>()
  return steps.every((step, position) => {
    const index = choice[position] ?? 0
    const event = eventAt(events, index)
    const agrees = Object.entries(step.binds).every(([name, attribute]) => {
      const value = event.attributes[attribute] ?? ''
      const known = bound.get(name)
      // A value that only one step asks for is equal to all there is.
      if (known === undefined || known === '') bound.set(name, value)
      return known === undefined || areEqual(kind, value, known)
    })
    const previous = choice[position - 1]
    if (!agrees || previous === undefined) return agrees
    if (previous >= index || (step.immediately && index !== previous + 1)) return false
    const between = events.slice(previous + 1, index)
    if (between.some(({ operation }) => step.without.includes(operation))) return false
    const passedMs = longestRise(events.slice(previous, index + 1).map(({ atMs }) => atMs))
    return passedMs <= (step.withinMs ?? SEQUENCE_LIMITS.memoryMs)
  })
}

/** The time that has passed where the clock never goes back; where it does, time is not given back and not counted twice. */
function longestRise(moments: readonly number[]): number {
  const rises = moments.map((ms, index) => ms - Math.min(...moments.slice(0, index + 1)))
  return Math.max(...rises)
}

function areEqual(kind: PlainRule['kind'], one: string, other: string): boolean {
  const isMissing = one === '' || other === ''
  return isMissing ? kind === 'forbid' : one === other
}

/** How often the last step was taken with the values of these steps, after the last of them. */
function usesSince(
  rule: PlainRule,
  events: readonly PlainEvent[],
  choice: readonly number[],
): number {
  const last = rule.steps.length - 1
  const bound = new Map<string, string>()
  for (const [position, index] of choice.entries()) {
    for (const [name, attribute] of Object.entries(rule.steps[position]?.binds ?? {})) {
      const value = eventAt(events, index).attributes[attribute] ?? ''
      if ((bound.get(name) ?? '') === '') bound.set(name, value)
    }
  }
  const asked = Object.entries(rule.steps[last]?.binds ?? {}).filter(([name]) => bound.has(name))
  const agrees = ({ attributes }: PlainEvent): boolean =>
    asked.every(([name, key]) => areEqual(rule.kind, attributes[key] ?? '', bound.get(name) ?? ''))
  return events
    .slice((choice.at(-1) ?? -1) + 1, -1)
    .filter((event) => canBe(rule, last, event) && agrees(event)).length
}

function canBe({ steps }: PlainRule, position: number, { operation }: PlainEvent): boolean {
  const step = steps[position]
  return step !== undefined && (step.operations === null || step.operations.includes(operation))
}

function eventAt(events: readonly PlainEvent[], index: number): PlainEvent {
  const event = events[index]
  if (event === undefined) throw new Error(`no event ${index}`)
  return event
}

/** The same rule as the automaton takes it. */
export function patternOf({ kind, steps, atMost }: PlainRule): SequencePattern {
  return {
    id: 'rule',
    fingerprint: 'text',
    kind,
    steps: steps.map(({ withinMs, immediately }, position) => {
      const bound = steps.slice(0, position + 1).flatMap(({ binds }) => Object.keys(binds))
      const later = new Set(steps.slice(position + 1).flatMap(({ binds }) => Object.keys(binds)))
      return {
        withinMs,
        immediately,
        atMost: position === steps.length - 1 ? atMost : null,
        keeps: [...new Set(bound)].filter((name) => later.has(name)),
      }
    }),
  }
}

/** What an event is to the rule. */
export function inputOf(
  rule: PlainRule,
  pattern: SequencePattern,
  event: PlainEvent,
): SequenceInput {
  return {
    pattern,
    moves: rule.steps.flatMap(({ binds }, step) => {
      if (!canBe(rule, step, event)) return []
      const values = Object.entries(binds).map(
        ([name, attribute]) => [name, event.attributes[attribute] ?? ''] as const,
      )
      return [{ step, values: Object.fromEntries(values) }]
    }),
    breaks: rule.steps.flatMap(({ without }, step) =>
      without.includes(event.operation) ? [step] : [],
    ),
  }
}
