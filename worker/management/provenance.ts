/** What came from a seed file is remembered beside it; whoever deletes the one deletes the other. */
import type { Delete, Documents } from '../storage/ports.ts'
import type { Collection } from '../storage/resources.ts'

/** Rules live inside their ruleset, but each has its own origin. */
export type Seeded = Collection | 'rule'

export function provenanceId(kind: Seeded, id: string): string {
  return `${kind}/${id}`
}

/** The memory of where a deleted resource came from, to be deleted with it; `documents` must have it selected. */
export function forgetting(documents: Documents, kind: Seeded, id: string): readonly Delete[] {
  const resource = provenanceId(kind, id)
  const known = documents.provenance.some((provenance) => provenance.resource === resource)
  return known ? [{ collection: 'provenance', id: resource }] : []
}
