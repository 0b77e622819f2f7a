/**
 * The names that hold steps together. A step has the names of its `bind` and those of the variables in its operations'
 * paths; a name of two steps is one value, a name of one step says nothing.
 */
import { ANY_OPERATION, type SequenceStep } from './content.ts'
import { type OperationName, parseOperationName } from './operation-name.ts'

/** Where the value of a name comes from. */
export type Binding = {
  readonly name: string
  /** A value expression of the rules language. */
  readonly source: string
}

export type NamedStep = {
  readonly operations: readonly NamedOperation[]
  /** The operations that must not come before it. */
  readonly without: readonly string[]
}

/** An operation of a step with all that it binds; `null` is any operation. */
type NamedOperation = {
  readonly operation: OperationName | null
  readonly bindings: readonly Binding[]
}

/** @throws when an operation is not one: to be asked once they have been checked. */
export function namedStep({ operations, bind, without }: SequenceStep): NamedStep {
  const written = Object.entries(bind ?? {}).map(([name, source]) => ({ name, source }))
  return {
    operations: operations.map((text) => {
      if (text === ANY_OPERATION) return { operation: null, bindings: written }
      const operation = operationOf(text)
      return { operation, bindings: [...pathBindings(operation), ...written] }
    }),
    without: (without ?? []).map((text) => operationOf(text).operationId),
  }
}

/** Each name of two steps or more. */
export function sharedNames(steps: readonly NamedStep[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const step of steps) {
    for (const name of namesOf(step)) (seen.has(name) ? shared : seen).add(name)
  }
  return shared
}

export function namesOf({ operations }: NamedStep): ReadonlySet<string> {
  return new Set(operations.flatMap(({ bindings }) => bindings.map(({ name }) => name)))
}

function operationOf(text: string): OperationName {
  const parsed = parseOperationName(text)
  if (!parsed.ok) throw new Error(`${text} is no operation: ${parsed.error}`)
  return parsed.value
}

function pathBindings({ variables }: OperationName): readonly Binding[] {
  return variables.map((name, index) => ({
    name,
    source: `cf.portcullis.path_variables["var${index + 1}"]`,
  }))
}
