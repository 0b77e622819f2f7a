/** Holds single requests against one document: which operation is called, and how the request departs from it. */
import { extractOperations } from '#engines/openapi'
import { createValidator, type RequestParts, type Validator } from '#engines/openapi/validate'
import { compileOperations, findServing, hostWithoutPort, normalizePath } from '#engines/paths'
import type { CompiledDocument } from './document-file.ts'

type JudgedOperation = {
  readonly method: string
  readonly host: string
  readonly endpoint: string
}

export type GivenRequest = {
  readonly method: string
  /** Null where the request names none: then any host of the document will do. */
  readonly host: string | null
  /** As sent, with the query. */
  readonly target: string
  header(name: string): string | null
  readonly body: RequestParts['body']
}

type Judged = {
  readonly operation: JudgedOperation
  readonly validator: Validator
  readonly parts: RequestParts
}

/** `null` when the document describes no such operation. */
export type RequestJudge = (request: GivenRequest) => Judged | null

/** Stands for the host of operations whose servers name none: they may be anywhere. */
const ANY_HOST = 'any-host.invalid'

export function createRequestJudge({ document, profile }: CompiledDocument): RequestJudge {
  const { operations } = extractOperations(document, [ANY_HOST])
  const matcher = compileOperations(
    operations.map(({ method, host, endpoint, profile_key }) => ({
      operation_id: `${method} ${host}${endpoint}`,
      method,
      host,
      endpoint,
      profile_key,
    })),
  )
  const hosts = [...new Set([ANY_HOST, ...operations.map(({ host }) => host)])]
  const validators = new Map<string, Validator | null>()
  return (request) => {
    const { method, host: authority, target, body } = request
    const queryMark = target.indexOf('?')
    const rawPath = queryMark === -1 ? target : target.slice(0, queryMark)
    const path = normalizePath(rawPath || '/')
    const host = authority === null ? null : hostWithoutPort(authority.toLowerCase())
    const match = firstOf(host === null ? hosts : [host, ANY_HOST], (each) =>
      findServing(matcher, { method, host: each, path }),
    )
    if (match === null) return null
    const { operation, variables } = match
    const validator = validatorOf(operation.profile_key)
    if (validator === null) return null
    const parts: RequestParts = {
      variables,
      query: queryMark === -1 ? '' : target.slice(queryMark + 1),
      header: (name) => request.header(name),
      cookie: request.header('cookie'),
      contentType: request.header('content-type'),
      body,
    }
    const named = operation.host === ANY_HOST ? (host ?? '') : operation.host
    const { endpoint } = operation
    return {
      operation: { method: operation.method, host: named, endpoint },
      validator,
      parts,
    }
  }

  function validatorOf(key: string): Validator | null {
    const known = validators.get(key)
    if (known !== undefined) return known
    const made = createValidator(profile, key)
    validators.set(key, made)
    return made
  }
}

function firstOf<Each, Found>(
  list: readonly Each[],
  find: (each: Each) => Found | null,
): Found | null {
  for (const each of list) {
    const found = find(each)
    if (found !== null) return found
  }
  return null
}
