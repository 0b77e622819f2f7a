/** What has to be found out of a recorded request before an expression is evaluated. */
import type { CompiledExpression } from '#engines/expressions'
import { GRAPHQL_FIELDS, SESSION_FIELDS, SESSION_HISTORY_FIELDS } from '#engines/request-fields'
import { RATE_EXCEEDED, SEQUENCE_BROKEN } from '#engines/rulesets'

export type Needs = {
  readonly body: boolean
  readonly graphql: boolean
  readonly schema: boolean
  /** Whose request it is. */
  readonly session: boolean
  /** What was counted and remembered before. */
  readonly state: boolean
}

export function needsOf({ uses }: Pick<CompiledExpression, 'uses'>): Needs {
  const reads = (start: string): boolean => uses.some(({ field }) => field.startsWith(start))
  return {
    body: reads('http.request.body.'),
    graphql: GRAPHQL_FIELDS.some(reads),
    schema: reads('cf.schema_validation.uploaded.'),
    session: SESSION_FIELDS.some(reads),
    state: [RATE_EXCEEDED, SEQUENCE_BROKEN, ...SESSION_HISTORY_FIELDS].some(reads),
  }
}
