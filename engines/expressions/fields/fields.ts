/** All that a decision may look at. The position of a field in this list is its index in compiled expressions. */
import { FIELD_ALIASES } from './aliases.ts'
import { CONNECTION_FIELDS } from './connection-fields.ts'
import { DETECTION_FIELDS } from './detection-fields.ts'
import { ALWAYS_FILLED, SOMETIMES_FILLED } from './filled.ts'
import { REQUEST_FIELDS } from './request-fields.ts'
import { RESPONSE_FIELDS } from './response-fields.ts'
import type { FieldRow, TypedField } from './row.ts'

/** Every field by its canonical name. The order holds within one version only: store names, never indexes. */
export const FIELDS: readonly FieldRow[] = [
  ...rowsOf(REQUEST_FIELDS, { isOfResponse: false }),
  ...rowsOf(RESPONSE_FIELDS, { isOfResponse: true }),
  ...rowsOf(CONNECTION_FIELDS, { isOfResponse: false }),
  ...rowsOf(DETECTION_FIELDS, { isOfResponse: false }),
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

function rowsOf(
  fields: readonly TypedField[],
  { isOfResponse }: { readonly isOfResponse: boolean },
): readonly FieldRow[] {
  return fields.map(({ name, type }) => ({ name, type, isOfResponse, filled: filledOf(name) }))
}

function filledOf(name: string): FieldRow['filled'] {
  if (ALWAYS_FILLED.has(name)) return 'always'
  return SOMETIMES_FILLED.has(name) ? 'sometimes' : 'never'
}
