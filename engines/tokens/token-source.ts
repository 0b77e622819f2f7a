/**
 * Where a token stands in a request: an expression of the rules language that gives text. A leading `Bearer ` is not part of
 * the token. Refuses expressions that read verified claims, which there are none of before the token was found, and finds no
 * good token under a name that a request gives several values.
 */
import {
  compileValueExpression,
  fieldIndex,
  type FieldSource,
  type FieldUse,
} from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'

export type TokenSource = {
  readonly uses: readonly FieldUse[]
  /** Null when the request has nothing there. */
  read(fields: FieldSource): string | null
}

/** The error is one line with the place. */
export function compileTokenSource(expression: string): Result<TokenSource, string> {
  const compiled = compileValueExpression(expression, {
    types: ['Bytes'],
    phase: 'http_request_firewall_custom',
  })
  if (!compiled.ok) {
    const { message, line, column } = compiled.error
    return err(`line ${line}, column ${column}: ${message}`)
  }
  const { uses } = compiled.value
  const circular = uses.find(({ field }) => field.startsWith('http.request.jwt.'))
  if (circular !== undefined) return err(`${circular.field} is not known before the token is`)
  const places = placesOf(uses)
  return ok({
    uses,
    read(fields) {
      const value = severalValues(places, fields) ?? compiled.value.evaluate(fields)
      if (typeof value !== 'string') return null
      const token = value.replace(BEARER, '')
      return token === '' ? null : token
    },
  })
}

/** The first source that has something, in the order of the configuration: the others are not looked at. */
export function readToken(sources: readonly TokenSource[], fields: FieldSource): string | null {
  for (const source of sources) {
    const token = source.read(fields)
    if (token !== null) return token
  }
  return null
}

/** RFC 6750 §2.1; the scheme in any case (RFC 9110 §11.1). */
const BEARER = /^bearer +/i

type Place = { readonly index: number; readonly key: string }

/** Of headers the runtime has made one value each. */
function placesOf(uses: readonly FieldUse[]): readonly Place[] {
  return uses.flatMap(({ field, key }) =>
    key === undefined || field === 'http.request.headers'
      ? []
      : [{ index: fieldIndex(field), key }],
  )
}

/**
 * The values of a name that stands there with more than one, joined as those of a header are (RFC 9110 §5.3), which is no
 * token. Which of them the origin takes is not known: the one that was verified need not be the one that counts there.
 */
function severalValues(places: readonly Place[], fields: FieldSource): string | null {
  for (const { index, key } of places) {
    const values = fields.entry(index, key)
    if (Array.isArray(values) && values.some((value) => value !== values[0])) {
      return values.join(', ')
    }
  }
  return null
}
