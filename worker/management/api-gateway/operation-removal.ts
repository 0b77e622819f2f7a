/** What goes when operations go: they, their mitigation settings, and where both came from. What names them keeps them. */
import type { Delete, Documents, Selection } from '../../storage/ports.ts'
import type { Problem, Problems } from '../envelope.ts'
import { forgetting, provenanceId } from '../provenance.ts'
import { OPERATION_USER_SELECTION, operationUsers } from './operation-users.ts'

/** What has to be read before these operations can be removed. */
export function removalSelection(ids: readonly string[]): Selection {
  const provenance = ids.flatMap((id) => [
    provenanceId('operation', id),
    provenanceId('operation_setting', id),
  ])
  return { operation: ids, operation_setting: ids, provenance, ...OPERATION_USER_SELECTION }
}

/** A problem for each of these operations that a rule names; `pointerOf` leads to an id in the body, if there is one. */
export function removalProblems(
  documents: Documents,
  ids: readonly string[],
  pointerOf: (index: number) => string | undefined = () => undefined,
): Problems {
  const saved = new Set(documents.operation.map(({ operation_id: id }) => id))
  const users = operationUsers(documents)
  return ids.flatMap((id, index): readonly Problem[] => {
    const user = saved.has(id) ? users.get(id) : undefined
    if (user === undefined) return []
    const pointer = pointerOf(index)
    const place = pointer === undefined ? {} : { pointer }
    return [{ error: 'operation_in_use', message: `It is used by ${user}.`, ...place }]
  })
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
