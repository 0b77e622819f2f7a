/**
 * Takes a revocation list out of force: for one that was uploaded by mistake, or that nobody renews any more. What it revoked
 * counts again with the answer. A list that is still fetched comes back with the next fetch.
 */
import { ok } from '#engines/result'
import { problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { transact } from '../../transaction.ts'
import { removingList } from './list-state.ts'

export async function deleteRevocationList({ ports, param, actor }: Call): Promise<Outcome> {
  const selection = { revocation_list: [param('revocation_list_id')] }
  const transaction = { selection, actor, action: 'portcullis.revocation.delete' }
  return transact(ports, transaction, async ({ revocation_list: [list] }) =>
    list === undefined || list.mtls_certificate_id !== param('mtls_certificate_id')
      ? problem('not_found')
      : ok({ puts: [], deletes: removingList(list), result: list }),
  )
}
