/**
 * `lookup_json_string(text, key, …)` and `lookup_json_integer(text, key, …)`: one value of a JSON document, by names and
 * positions. Missing when the text is no JSON, nothing is there, or it is of another type.
 */
import { BYTES, INT, type Type } from '../types.ts'
import type { Value } from '../value.ts'
import { findInJson } from '../values/json.ts'
import { type FunctionRow, functionOf, parameterOf } from './row.ts'

const INTEGER = /^-?[0-9]+$/

export const lookupJsonString = lookup('lookup_json_string', BYTES, (text) => {
  const value: unknown = text.startsWith('"') ? JSON.parse(text) : undefined
  return typeof value === 'string' ? value : undefined
})

/** `42.0` and `4e2` are no plain integers. */
export const lookupJsonInteger = lookup('lookup_json_integer', INT, (text) => {
  const value = INTEGER.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
})

function lookup(
  name: string,
  returns: Type,
  read: (text: string) => Value | undefined,
): FunctionRow {
  return functionOf(name, returns, {
    parameters: [
      parameterOf(BYTES, 'refused'),
      {
        expected: 'Bytes or Int',
        accepts: ({ kind }) => kind === 'Bytes' || kind === 'Int',
        literal: 'allowed',
        refusal: (value) =>
          typeof value === 'number' && value < 0 ? 'a position is not negative' : undefined,
      },
    ],
    isVariadic: true,
    call(text, path) {
      const found = typeof text === 'string' ? findInJson(text, path) : undefined
      return found === undefined ? undefined : read(found)
    },
  })
}
