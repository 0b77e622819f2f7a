/** What is wrong with the names that hold the steps of a rule together. The operations themselves are right. */
import type { SequenceStep } from './content.ts'
import type { SequenceIssue } from './issues.ts'
import { SEQUENCE_LIMITS as limits } from './limits.ts'
import { type NamedStep, namedStep, namesOf, sharedNames } from './names.ts'

export function nameIssues(steps: readonly SequenceStep[]): readonly SequenceIssue[] {
  const named = steps.map(namedStep)
  const shared = sharedNames(named)
  if (shared.size > limits.bindingsMax) {
    const message = `The steps have ${shared.size} names in common; at most ${limits.bindingsMax} are allowed.`
    return [{ path: ['steps'], message }]
  }
  return named.flatMap((step, index) => {
    const bound = Object.keys(steps[index]?.bind ?? {})
    const found = [
      ...bound.flatMap((name) => bindIssues(name, step, shared)),
      ...gapIssues(step, shared),
    ]
    return found.map(({ path, message }) => ({ path: ['steps', index, ...path], message }))
  })
}

const NAME = /^[a-z][a-z\d_-]*$/i

function bindIssues(
  name: string,
  { operations }: NamedStep,
  shared: ReadonlySet<string>,
): readonly SequenceIssue[] {
  const path = ['bind', name]
  if (!NAME.test(name) || name.length > limits.nameCharactersMax) {
    const message = `A name is a letter and then letters, digits, "_" and "-", at most ${limits.nameCharactersMax} in all.`
    return [{ path, message }]
  }
  if (operations.some(({ operation }) => operation?.variables.includes(name))) {
    const message = `A path of this step has a variable of this name: which of the two is "${name}"?`
    return [{ path, message }]
  }
  const message = `No other step has the name "${name}", so there is nothing that it must be equal to.`
  return shared.has(name) ? [] : [{ path, message }]
}

/** An operation without a name that its step shares would be a way around it. */
function gapIssues(step: NamedStep, shared: ReadonlySet<string>): readonly SequenceIssue[] {
  const wanted = [...namesOf(step)].filter((name) => shared.has(name))
  return step.operations.flatMap(({ bindings }, index) => {
    const absent = wanted.filter((name) => !bindings.some((binding) => binding.name === name))
    return absent.map((name) => ({
      path: ['operations', index],
      message: `This lacks the name "${name}", which another operation of this step has in common with another step.`,
    }))
  })
}
