/** Fields of a made-up request for tests: names to JSON values, typed by the table of fields. */
import {
  compileExpression,
  fieldIndex,
  FIELDS,
  type FieldSource,
  type ListMatcher,
  toValue,
  type Value,
} from '#engines/expressions'

/** A source of the given fields; a name that does not exist or a value of the wrong type is a bug of the test. */
export function fieldSource(
  json: Readonly<Record<string, unknown>>,
  lists: Readonly<Record<string, ListMatcher>> = {},
): FieldSource {
  const values = new Map<number, Value>()
  for (const [name, item] of Object.entries(json)) {
    const index = fieldIndex(name)
    const type = FIELDS[index]?.type
    const value = type && toValue(type, item)
    if (value === undefined) throw new Error(`no such field, or not of its type: ${name}`)
    values.set(index, value)
  }
  return {
    field: (index) => values.get(index),
    entry: (index, key) => {
      const map = values.get(index)
      return map instanceof Map ? map.get(key) : undefined
    },
    list: (name) => lists[name],
  }
}

/** The verdict of an expression, or the code of the error that refuses it. */
export function verdict(source: string, fields: FieldSource): boolean | string {
  const compiled = compileExpression(source)
  return compiled.ok ? compiled.value.evaluate(fields) : compiled.error.code
}
