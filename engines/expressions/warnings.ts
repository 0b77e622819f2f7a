/** What an expression says that cannot come true here, though it is no error: fields that nothing fills. */
import { fieldAt, fieldIndex } from './fields/fields.ts'
import type { FieldUse } from './uses.ts'

export type ExpressionWarning = {
  /** The field it is about, by its canonical name. */
  readonly field: string
  readonly message: string
}

/** One warning for each field that is missing from every request. */
export function warningsOf(fields: readonly FieldUse[]): readonly ExpressionWarning[] {
  const names = new Set(fields.map(({ field }) => field))
  return [...names]
    .filter((name) => fieldAt(fieldIndex(name))?.filled === 'never')
    .map((name) => ({
      field: name,
      message: `${spelling(name)} is never known here: a comparison with it is always false`,
    }))
}

/** Fields of functions have parentheses in their name. */
function spelling(name: string): string {
  return name.endsWith('()') ? `the answer of ${name}` : name
}
