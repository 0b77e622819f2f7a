/** An operation as an operator writes it → its canonical spelling and its id. Equal triples get equal ids. */
import {
  type HostError,
  operationId,
  parseHostPattern,
  parseTemplate,
  type TemplateError,
} from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import type { Operation } from '../../storage/resources.ts'
import type { Problem, Problems } from '../envelope.ts'

/** The methods that Cloudflare names; case matters, as in HTTP. */
export const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'CONNECT',
  'PATCH',
  'TRACE',
] as const

export type WrittenTriple = {
  readonly method: string
  readonly host: string
  readonly endpoint: string
}

/** `pointer` is where in the body the triple stands. */
export async function readTriple(
  { method, host, endpoint }: WrittenTriple,
  pointer: string,
  nowMs: number,
): Promise<Result<Operation, Problems>> {
  const canonicalHost = parseHostPattern(host)
  const template = parseTemplate(endpoint)
  if (canonicalHost.ok && template.ok) {
    const triple = { method, host: canonicalHost.value, endpoint: template.value.endpoint }
    const operation_id = await operationId(triple)
    return ok({ operation_id, ...triple, last_updated: new Date(nowMs).toISOString() })
  }
  const problems: Problem[] = []
  if (!canonicalHost.ok) {
    const message = describeHostError(canonicalHost.error)
    problems.push({ error: 'invalid_operation', message, pointer: `${pointer}/host` })
  }
  if (!template.ok) {
    const message = describeTemplateError(template.error)
    problems.push({ error: 'invalid_operation', message, pointer: `${pointer}/endpoint` })
  }
  return err(problems)
}

/** What is wrong with a host, for the operator who wrote it. */
export function describeHostError(error: HostError): string {
  switch (error.reason) {
    case 'empty':
      return 'The host is empty.'
    case 'too_long':
      return `The host has ${error.chars} characters; at most ${error.charsMax} are allowed.`
    case 'bad_port':
      return `"${error.port}" is not a port.`
    case 'bad_ipv6':
      return 'The host is not an IPv6 address in brackets.'
    case 'bad_label':
      return `"${error.label}" cannot be a part of a host.`
    case 'partial_label_variable':
      return `"${error.label}": a host variable must be a whole label.`
    case 'only_variables':
      return 'A host cannot consist of variables alone.'
  }
}

/** What is wrong with a path, for the operator who wrote it. */
export function describeTemplateError(error: TemplateError): string {
  switch (error.reason) {
    case 'no_leading_slash':
      return 'The endpoint must begin with "/".'
    case 'too_long':
      return `The endpoint has ${error.chars} characters; at most ${error.charsMax} are allowed.`
    case 'too_many_variables':
      return `The endpoint has more than ${error.variablesMax} variables.`
    case 'too_many_segments':
      return `The endpoint has more than ${error.segmentsMax} segments.`
    case 'query_or_fragment':
      return `The endpoint must have neither query nor fragment (character ${error.index}).`
    case 'unbalanced_brace':
      return `A brace is not closed or not opened (character ${error.index}).`
    case 'slash_in_variable':
      return `A variable holds a "/" (character ${error.index}).`
    case 'empty_variable':
      return `A variable has no name (character ${error.index}).`
    case 'duplicate_variable':
      return `The variable "${error.name}" appears twice (character ${error.index}).`
    case 'dot_segment_removes_variable':
      return 'A ".." removes a variable.'
  }
}
