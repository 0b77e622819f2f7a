/**
 * What is wrong with a sequence rule whose members have the right types: each with its place and the reason. What passes
 * compiles, but for the expressions in `bind`, which only the rules language can judge.
 */
import { ANY_OPERATION, type SequenceContent, type SequenceStep } from './content.ts'
import { SEQUENCE_LIMITS as limits } from './limits.ts'
import { nameIssues } from './name-issues.ts'
import { parseOperationName } from './operation-name.ts'

export type SequenceIssue = {
  /** Member names and array indexes from the rule inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

export function sequenceIssues(content: Pick<SequenceContent, 'steps'>): readonly SequenceIssue[] {
  const { steps } = content
  if (steps.length < limits.stepsMin || steps.length > limits.stepsMax) {
    const count = `This has ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`
    const message = `${count}; a sequence has ${limits.stepsMin} to ${limits.stepsMax}.`
    return [{ path: ['steps'], message }]
  }
  const issues = steps.flatMap((step, index) => {
    const found = [
      ...operationsIssues(step),
      ...withoutIssues(step),
      ...linkIssues(step),
      ...(index === 0 ? firstIssues(step) : []),
      ...atMostIssues(step, index === steps.length - 1),
    ]
    return found.map(({ path, message }) => ({ path: ['steps', index, ...path], message }))
  })
  // Names are looked for in operations, so these must be right first.
  return issues.length > 0 ? issues : nameIssues(steps)
}

function operationsIssues({ operations }: SequenceStep): readonly SequenceIssue[] {
  const { length } = operations
  const path = ['operations']
  if (length === 0) return [{ path, message: 'A step needs at least one operation.' }]
  if (length > limits.operationsMax) return [{ path, message: tooMany(length) }]
  if (length > 1 && operations.includes(ANY_OPERATION)) {
    return [{ path, message: '"*" is any operation, so it stands alone.' }]
  }
  return listIssues('operations', length === 1 && operations[0] === ANY_OPERATION ? [] : operations)
}

function withoutIssues({ without = [], immediately }: SequenceStep): readonly SequenceIssue[] {
  const path = ['without']
  if (without.length > limits.operationsMax) return [{ path, message: tooMany(without.length) }]
  if (without.includes(ANY_OPERATION)) {
    return [{ path, message: '"*" would be any operation: write "immediately: true" instead.' }]
  }
  if (immediately === true && without.length > 0) {
    const message = '"immediately" lets no operation come in between, so this would say nothing.'
    return [{ path, message }]
  }
  return listIssues('without', without)
}

/** Each that is no operation, and each that was named before, under whatever names of variables. */
function listIssues(member: string, texts: readonly string[]): readonly SequenceIssue[] {
  const seen = new Set<string>()
  return texts.flatMap((text, index) => {
    const parsed = parseOperationName(text)
    if (!parsed.ok) return [{ path: [member, index], message: parsed.error }]
    const { operationId } = parsed.value
    const isRepeated = seen.has(operationId)
    seen.add(operationId)
    return isRepeated
      ? [{ path: [member, index], message: 'This operation is in the list already.' }]
      : []
  })
}

function linkIssues({ within }: SequenceStep): readonly SequenceIssue[] {
  const max = limits.withinSecondsMax
  if (within === undefined || isWhole(within, max)) return []
  return [{ path: ['within'], message: `This must be a whole number of seconds from 1 to ${max}.` }]
}

function firstIssues({ within, immediately, without }: SequenceStep): readonly SequenceIssue[] {
  const members = [
    { member: 'within', isGiven: within !== undefined },
    { member: 'immediately', isGiven: immediately === true },
    { member: 'without', isGiven: (without ?? []).length > 0 },
  ]
  const message = 'This speaks of what lies between a step and the one before; the first has none.'
  return members.filter(({ isGiven }) => isGiven).map(({ member }) => ({ path: [member], message }))
}

function atMostIssues({ at_most }: SequenceStep, isLast: boolean): readonly SequenceIssue[] {
  const path = ['at_most']
  if (at_most === undefined) return []
  if (!isLast) {
    const message = 'Only the last step can have this: it says how often those before it permit it.'
    return [{ path, message }]
  }
  const max = limits.atMostMax
  return isWhole(at_most, max)
    ? []
    : [{ path, message: `This must be a whole number from 1 to ${max}.` }]
}

function isWhole(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max
}

function tooMany(length: number): string {
  return `This names ${length} operations; at most ${limits.operationsMax} are allowed.`
}
