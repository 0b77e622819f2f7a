/** A sequence rule → what the automaton steps, and which steps an operation can be. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { ANY_OPERATION, type SequenceContent, type SequenceStep } from './content.ts'
import { sequenceIssues } from './issues.ts'
import { type Binding, type NamedStep, namedStep, namesOf, sharedNames } from './names.ts'
import type { PatternStep, SequencePattern } from './pattern.ts'

/** A step that an operation can be, counted from 0, and what is to be evaluated for it. */
export type PossibleMove = {
  readonly step: number
  readonly bindings: readonly Binding[]
}

export type CompiledSequence = {
  readonly pattern: SequencePattern
  /** In the order of the steps. An operation that the rule does not name can still be a step that is `*`. */
  readonly moves: (operationId: string) => readonly PossibleMove[]
  /** Steps, counted from 0, whose `without` names the operation. */
  readonly breaks: (operationId: string) => readonly number[]
  /** Operations that the rule can act on. */
  readonly finalOperations: ReadonlySet<string> | 'all'
  /** Operations that it must be told of; the others it only counts. */
  readonly operations: ReadonlySet<string> | 'all'
}

/** @throws when the rule has issues; they were looked for when it was written, so that is a bug or damage. */
export function compileSequence(id: string, content: SequenceContent): CompiledSequence {
  const [issue] = sequenceIssues(content)
  if (issue !== undefined) {
    throw new Error(`sequence ${id} does not compile: ${issue.path.join('.')}: ${issue.message}`)
  }
  const named = content.steps.map(namedStep)
  const shared = sharedNames(named)
  const steps = named.map((step) => compileStep(step, shared))
  const byOperation = new Map(
    [...allOperations(steps)].map((operation) => [operation, placesOf(operation, steps)]),
  )
  const elsewhere = placesOf(ANY_OPERATION, steps)
  return {
    pattern: {
      id,
      fingerprint: fingerprintOf(content, steps),
      kind: content.kind,
      steps: patternSteps(content.steps, steps),
    },
    moves: (operationId) => (byOperation.get(operationId) ?? elsewhere).moves,
    breaks: (operationId) => (byOperation.get(operationId) ?? elsewhere).breaks,
    finalOperations: listedOrAll(new Set(steps.at(-1)?.moves.keys())),
    operations: listedOrAll(allOperations(steps)),
  }
}

type CompiledStep = {
  /** By operation, or by `*` alone. */
  readonly moves: ReadonlyMap<string, readonly Binding[]>
  readonly breaks: ReadonlySet<string>
  readonly names: readonly string[]
}

function compileStep(step: NamedStep, shared: ReadonlySet<string>): CompiledStep {
  const moves = step.operations.map(({ operation, bindings }) => ({
    key: operation?.operationId ?? ANY_OPERATION,
    bindings: bindings.filter(({ name }) => shared.has(name)),
  }))
  return {
    moves: new Map(moves.map(({ key, bindings }) => [key, bindings])),
    breaks: new Set(step.without),
    names: [...namesOf(step)].filter((name) => shared.has(name)),
  }
}

function allOperations(steps: readonly CompiledStep[]): ReadonlySet<string> {
  return new Set(steps.flatMap(({ moves, breaks }) => [...moves.keys(), ...breaks]))
}

function listedOrAll(operations: ReadonlySet<string>): ReadonlySet<string> | 'all' {
  return operations.has(ANY_OPERATION) ? 'all' : operations
}

type Places = {
  readonly moves: readonly PossibleMove[]
  readonly breaks: readonly number[]
}

function placesOf(operation: string, steps: readonly CompiledStep[]): Places {
  return {
    moves: steps.flatMap(({ moves }, step) => {
      const bindings = moves.get(operation) ?? moves.get(ANY_OPERATION)
      return bindings === undefined ? [] : [{ step, bindings }]
    }),
    breaks: steps.flatMap(({ breaks }, step) => (breaks.has(operation) ? [step] : [])),
  }
}

function patternSteps(
  written: readonly SequenceStep[],
  compiled: readonly CompiledStep[],
): readonly PatternStep[] {
  return written.map(({ within, immediately, at_most }, index) => {
    const bound = new Set(compiled.slice(0, index + 1).flatMap(({ names }) => names))
    const later = new Set(compiled.slice(index + 1).flatMap(({ names }) => names))
    return {
      withinMs: within === undefined ? null : within * 1_000,
      immediately: immediately ?? false,
      atMost: at_most ?? null,
      keeps: [...bound].filter((name) => later.has(name)),
    }
  })
}

/** Of what decides how far a session has got. What is done about it, and what the rule is called, does not. */
function fingerprintOf(
  { kind, counts, steps }: SequenceContent,
  compiled: readonly CompiledStep[],
): string {
  const decisive = compiled.map(({ moves, breaks }, index) => ({
    moves: [...moves],
    breaks: [...breaks],
    within: steps[index]?.within ?? null,
    immediately: steps[index]?.immediately ?? false,
    at_most: steps[index]?.at_most ?? null,
  }))
  const text = JSON.stringify(['v1', kind, counts, decisive])
  return bytesToHex(sha256(new TextEncoder().encode(text))).slice(0, 32)
}
