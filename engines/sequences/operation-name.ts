/** An operation in one line, as rules name it: `GET api.example.com/accounts/{account}/balance`. */
import {
  describeHostError,
  describeTemplateError,
  METHODS,
  operationIdSync,
  parseHostPattern,
  parseTemplate,
} from '#engines/paths'
import { err, ok, type Result } from '#engines/result'

export type OperationName = {
  readonly method: string
  /** Canonical. */
  readonly host: string
  /** Canonical: variables are `{var1}`, `{var2}` … */
  readonly endpoint: string
  /** Names as written, in order: `variables[0]` is `{var1}`. Variables of the host have no names. */
  readonly variables: readonly string[]
  readonly operationId: string
}

/** The error is a sentence for the operator who wrote it. */
export function parseOperationName(text: string): Result<OperationName, string> {
  const space = text.indexOf(' ')
  const slash = text.indexOf('/')
  if (space < 0 || slash < space) {
    return err(
      'This must be a method, a space, a host and a path: "GET api.example.com/users/{id}".',
    )
  }
  const method = text.slice(0, space)
  if (!METHODS.some((known) => known === method)) {
    return err(`The method must be one of ${METHODS.join(', ')}.`)
  }
  const host = parseHostPattern(text.slice(space + 1, slash))
  if (!host.ok) return err(describeHostError(host.error))
  const template = parseTemplate(text.slice(slash))
  if (!template.ok) return err(describeTemplateError(template.error))
  const triple = { method, host: host.value, endpoint: template.value.endpoint }
  const { variables } = template.value
  return ok({ ...triple, variables, operationId: operationIdSync(triple) })
}
