/** All that a decision may look at. The position of a field in this list is its index in compiled expressions. */
import { FIELD_ALIASES } from './aliases.ts'
import { CONNECTION_FIELDS } from './connection-fields.ts'
import { DETECTION_FIELDS } from './detection-fields.ts'
import { REQUEST_FIELDS } from './request-fields.ts'
import { RESPONSE_FIELDS } from './response-fields.ts'
import type { FieldRow } from './row.ts'

/** Every field by its canonical name. The order holds within one version only: store names, never indexes. */
export const FIELDS: readonly FieldRow[] = [
  ...REQUEST_FIELDS,
  ...RESPONSE_FIELDS,
  ...CONNECTION_FIELDS,
  ...DETECTION_FIELDS,
]

const INDEXES: ReadonlyMap<string, number> = new Map(FIELDS.map(({ name }, index) => [name, index]))

/** Index of a field by its canonical or a former name; -1 when there is no such field. */
export function fieldIndex(name: string): number {
  return INDEXES.get(FIELD_ALIASES.get(name) ?? name) ?? -1
}

/** The field at an index; undefined for -1. */
export function fieldAt(index: number): FieldRow | undefined {
  return FIELDS[index]
}
