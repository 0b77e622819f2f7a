/**
 * `is_jwt_valid("…")` and `is_jwt_present("…")`: what the shield found about the token of a token configuration. The
 * answers are entries of fields that have no name in the language, so that they are filled like any other field.
 */
import { BOOL, BYTES } from '../types.ts'
import { type FunctionRow, functionOf, parameterOf } from './row.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isJwtValid = tokenVerdict('is_jwt_valid')
export const isJwtPresent = tokenVerdict('is_jwt_present')

function tokenVerdict(name: string): FunctionRow {
  return functionOf(name, BOOL, {
    parameters: [
      {
        ...parameterOf(BYTES, 'required'),
        refusal: (value) =>
          typeof value === 'string' && UUID.test(value)
            ? undefined
            : 'expected the UUID of a token configuration',
      },
    ],
    needs: 'tokens',
    run: { kind: 'entry', field: `${name}()` },
  })
}
