/** Tests out of tests, with a closure of its own for the common small numbers of them. */
import type { Run, Test } from '../run.ts'

/** A test of values of one JSON type; null holds for all of them. */
export type TypedTest<T> = ((value: T, run: Run) => boolean) | null

/** Holds for every value; compared by identity, so that it need not be asked. */
export const holds: Test = () => true

/** Holds for no value. */
export const fails: Test = () => false

/** Holds where all do. */
export function every(tests: readonly Test[]): Test {
  return everyTyped<unknown>(tests.filter((test) => test !== holds)) ?? holds
}

/** Holds where all do; null when there are none. */
export function everyTyped<T>(tests: readonly ((value: T, run: Run) => boolean)[]): TypedTest<T> {
  const [first, second, third] = tests
  if (first === undefined) return null
  if (second === undefined) return first
  if (third === undefined) return (value, run) => first(value, run) && second(value, run)
  return (value, run) => {
    for (const test of tests) if (!test(value, run)) return false
    return true
  }
}
