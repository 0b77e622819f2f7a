/** Saves operations: those that are there stay as they are, so saving twice is saving once. */
import { ok, type Result } from '#engines/result'
import type { Documents, Put } from '../../storage/ports.ts'
import type { Operation } from '../../storage/resources.ts'
import { problem, type Problems } from '../envelope.ts'
import { LIMITS } from '../limits.ts'

type Saving = { readonly puts: readonly Put[]; readonly operations: readonly Operation[] }

/** What has to be written so that the wanted operations are there; answers them in the order wanted, as stored. */
export function saving(
  documents: Pick<Documents, 'operation'>,
  wanted: readonly Operation[],
): Result<Saving, Problems> {
  const stored = new Map(
    documents.operation.map((operation) => [operation.operation_id, operation]),
  )
  const puts: Put[] = []
  for (const operation of wanted) {
    if (stored.has(operation.operation_id)) continue
    stored.set(operation.operation_id, operation)
    puts.push({ collection: 'operation', id: operation.operation_id, body: operation })
  }
  if (stored.size > LIMITS.operationsMax) {
    return problem('limit_reached', `A zone holds at most ${LIMITS.operationsMax} operations.`)
  }
  const operations = wanted.map((operation) => stored.get(operation.operation_id) ?? operation)
  return ok({ puts, operations })
}
