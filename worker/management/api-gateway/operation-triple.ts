/** An operation as an operator writes it → its canonical spelling and its id. Equal triples get equal ids. */
import {
  describeHostError,
  describeTemplateError,
  operationId,
  parseHostPattern,
  parseTemplate,
} from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import type { Operation } from '../../storage/resources.ts'
import type { Problem, Problems } from '../envelope.ts'

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
