/** The values in a path that its operation leaves open, by the names that the saved endpoint has for them. */
import type { RequestFacts } from './facts.ts'
import { unescapedOnce } from './parameters.ts'

type Match = NonNullable<RequestFacts['operation']>

/** `var1`, `var2` … to the decoded values. */
export function pathVariablesOf({ variables }: Match): ReadonlyMap<string, string> {
  return new Map(variables.map((value, index) => [`var${index + 1}`, unescapedOnce(value)]))
}

/** One of them; undefined when the endpoint has none of this name. */
export function pathVariableOf({ variables }: Match, name: string): string | undefined {
  const number = /^var([1-9]\d*)$/.exec(name)?.[1]
  const value = number === undefined ? undefined : variables[Number(number) - 1]
  return value === undefined ? undefined : unescapedOnce(value)
}
