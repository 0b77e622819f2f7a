/** The filter of the list of uploaded authorities by who made them. Only the operator does here, so two of the words match nothing. */
import { ok, type Result } from '#engines/result'
import { problem, type Problems } from '../envelope.ts'

const TYPES = ['custom', 'gateway_managed', 'access_managed']

/** Repeated, as `type[]`, or separated by commas; without any, all. */
export function readTypes(query: URLSearchParams): Result<ReadonlySet<string>, Problems> {
  const given = [...query.getAll('type'), ...query.getAll('type[]')].flatMap((text) =>
    text.split(','),
  )
  const stranger = given.find((type) => !TYPES.includes(type))
  if (stranger !== undefined) {
    return problem('invalid_query', `type must be one or more of ${TYPES.join(', ')}.`)
  }
  return ok(new Set(given.length === 0 ? TYPES : given))
}
