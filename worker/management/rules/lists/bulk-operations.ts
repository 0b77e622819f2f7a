/**
 * Cloudflare changes the items of a list in the background and lets one ask whether it is done. Here a change is done
 * when it is answered; its operation is remembered for whoever asks.
 */
import { ok } from '#engines/result'
import { SINGLETON } from '../../../storage/collections.ts'
import type { Documents, Put } from '../../../storage/ports.ts'
import { problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'

export async function getBulkOperation({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ list_operations: [SINGLETON] })
  const operations = documents.list_operations[0]?.operations ?? []
  const operation = operations.find(({ id }) => id === param('operation_id'))
  return operation === undefined
    ? problem('not_found')
    : ok({ result: { ...operation, status: 'completed' } })
}

/** Remembers one more operation; the oldest make room. `documents` must have them selected. */
export function rememberingOperation(documents: Documents, id: string, completed: string): Put {
  const known = documents.list_operations[0]?.operations ?? []
  const operations = [...known, { id, completed }].slice(-LIMITS.listOperationsKept)
  return { collection: 'list_operations', id: SINGLETON, body: { operations } }
}
