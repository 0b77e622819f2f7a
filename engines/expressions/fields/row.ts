/** What the tables of fields are made of. */
import { arrayOf, BYTES, INT, mapOf, type Type } from '../types.ts'

export type FieldRow = {
  readonly name: string
  readonly type: Type
  /** Whether requests have a value for it here: all, some, or none because nothing fills it. */
  readonly filled: 'always' | 'sometimes' | 'never'
  /** Known only after the origin, or the shield itself, has answered. */
  readonly isOfResponse: boolean
}

export type TypedField = Pick<FieldRow, 'name' | 'type'>

export const BYTES_LIST = arrayOf(BYTES)
export const INT_LIST = arrayOf(INT)
/** Headers, cookies, arguments: every name with all of its values. */
export const BYTES_LISTS_BY_NAME = mapOf(BYTES_LIST)
export const INT_LISTS_BY_NAME = mapOf(INT_LIST)

/** Rows of fields that share a type. */
export function fieldsOf(type: Type, names: readonly string[]): readonly TypedField[] {
  return names.map((name) => ({ name, type }))
}
