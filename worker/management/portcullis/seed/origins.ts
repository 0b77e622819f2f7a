/** Which stored resources came from which seed file. */
import type { Documents } from '../../../storage/ports.ts'
import { provenanceId, type Seeded } from '../../provenance.ts'

export type Origins = {
  /** The file a resource came from, `undefined` when it was made through the API. */
  fileOf(kind: Seeded, id: string): string | undefined
}

export function originsOf(documents: Documents): Origins {
  const files = new Map(documents.provenance.map(({ resource, file }) => [resource, file]))
  return { fileOf: (kind, id) => files.get(provenanceId(kind, id)) }
}
