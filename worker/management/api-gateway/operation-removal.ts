/** What goes when operations go: they, their mitigation settings, and where both came from. */
import type { Delete, Documents, Selection } from '../../storage/ports.ts'
import { forgetting, provenanceId } from '../provenance.ts'

/** What has to be read before these operations can be removed. */
export function removalSelection(ids: readonly string[]): Selection {
  const provenance = ids.flatMap((id) => [
    provenanceId('operation', id),
    provenanceId('operation_setting', id),
  ])
  return { operation: ids, operation_setting: ids, provenance }
}

/** Only what is there is deleted, so the audit log names nothing else. */
export function removalOf(documents: Documents, ids: readonly string[]): readonly Delete[] {
  const gone = new Set(ids)
  const deletes: Delete[] = []
  for (const collection of ['operation', 'operation_setting'] as const) {
    for (const { operation_id: id } of documents[collection]) {
      if (gone.has(id)) deletes.push({ collection, id }, ...forgetting(documents, collection, id))
    }
  }
  return deletes
}
