/** What the tables of fields are made of. */
import { arrayOf, BYTES, INT, mapOf, type Type } from '../types.ts'

export type FieldRow = { readonly name: string; readonly type: Type }

export const BYTES_LIST = arrayOf(BYTES)
export const INT_LIST = arrayOf(INT)
/** Headers, cookies, arguments: every name with all of its values. */
export const BYTES_LISTS_BY_NAME = mapOf(BYTES_LIST)
export const INT_LISTS_BY_NAME = mapOf(INT_LIST)

/** Rows of fields that share a type. */
export function fieldsOf(type: Type, names: readonly string[]): readonly FieldRow[] {
  return names.map((name) => ({ name, type }))
}
