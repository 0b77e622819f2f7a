/** Fields that are written down as JSON, as a source for expressions. Refuses a field that does not exist or does not fit. */
import {
  fieldIndex,
  FIELDS,
  type FieldSource,
  type ListMatcher,
  toValue,
  type Value,
} from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import type { JsonObject } from './json-lines.ts'

/** The error is one line; null stands for a missing value. */
export function readGivenFields(
  fields: JsonObject,
  lists: ReadonlyMap<string, ListMatcher>,
): Result<FieldSource, string> {
  const values = new Map<number, Value>()
  for (const [name, json] of Object.entries(fields)) {
    const index = fieldIndex(name)
    const row = FIELDS[index]
    if (row === undefined) return err(`there is no field ${name.slice(0, 100)}`)
    if (json === null) continue
    const value = toValue(row.type, json)
    if (value === undefined) return err(`the value of ${name} is not of the field's type`)
    values.set(index, value)
  }
  return ok({
    field: (index) => values.get(index),
    list: (name) => lists.get(name),
    entry(index, key) {
      const map = values.get(index)
      return map instanceof Map ? map.get(key) : undefined
    },
  })
}
