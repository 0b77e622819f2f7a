/** The fields `cf.schema_validation.uploaded.*`, from what a validator found. */
import { fieldIndex, type Value } from '#engines/expressions'
import type { ValidationResult } from '#engines/openapi/validate'

const UPLOADED = 'cf.schema_validation.uploaded'

/** Where a violation can be → the field that lists the parameters concerned. */
const LISTS = {
  path: `${UPLOADED}.path.violated_parameters`,
  query: `${UPLOADED}.query.violated_parameters`,
  header: `${UPLOADED}.headers.violated_parameters`,
  cookie: `${UPLOADED}.cookies.violated_parameters`,
  body: `${UPLOADED}.body.violated_parameters`,
} as const

const SCHEMA_VIOLATED = `${UPLOADED}.violated`
const UNDECLARED = `${UPLOADED}.query.undeclared_parameters`

export const SCHEMA_FIELDS: readonly string[] = [
  SCHEMA_VIOLATED,
  UNDECLARED,
  ...Object.values(LISTS),
]

const LIST_INDEXES = Object.entries(LISTS).map(([location, field]) => ({
  location,
  index: fieldIndex(field),
}))
const VIOLATED_INDEX = fieldIndex(SCHEMA_VIOLATED)
const UNDECLARED_INDEX = fieldIndex(UNDECLARED)

/** By field index. */
export function schemaFields({
  violations,
  undeclaredQueryParameters,
}: ValidationResult): ReadonlyMap<number, Value> {
  const fields = new Map<number, Value>([
    [VIOLATED_INDEX, violations.length > 0],
    [UNDECLARED_INDEX, undeclaredQueryParameters],
  ])
  for (const { location, index } of LIST_INDEXES) {
    const targets = violations.filter((v) => v.location === location).map((v) => v.target)
    fields.set(index, [...new Set(targets)])
  }
  return fields
}
