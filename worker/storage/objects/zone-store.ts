/** ZoneStore over the Zone object. Bodies cross as JSON text: the object stores text, and text is cheap to send. */
import { parseOwn } from '../own.ts'
import type { AuditEntry, Documents, Selection, ZoneStore } from '../ports.ts'
import { COLLECTIONS } from '../collections.ts'
import type { StoredDocument } from './documents.ts'
import { batches, packed, unpacked } from './wire-document.ts'
import type { ReadRequest, Zone } from './zone.ts'

export function createZoneStore(
  namespace: DurableObjectNamespace<Zone>,
  zoneId: string,
): ZoneStore {
  // A stub is asked for each call: one that met an error stays broken.
  const zone = () => namespace.getByName(zoneId)
  return {
    async read(selection) {
      const reading = await zone().read(readRequest(selection))
      return { version: reading.version, documents: byCollection(reading.documents.map(unpacked)) }
    },
    count: (collection) => zone().count(collection),
    async outline(collection, members) {
      return parseOwn(await zone().outline(collection, members))
    },
    async commit(change) {
      const all = batches(
        change.puts.map(({ collection, id, body }) =>
          packed({ collection, id, body: JSON.stringify(body) }),
        ),
      )
      const object = zone()
      const name = crypto.randomUUID()
      for (const batch of all.slice(0, -1)) await object.stage(name, batch)
      const puts = all.at(-1) ?? []
      const documents = change.puts.length - puts.length
      const staged = documents === 0 ? null : { change: name, documents }
      const { outcome, version, published } = await object.commit({ ...change, puts, staged })
      return outcome === 'committed' ? { outcome, version, published } : { outcome, version }
    },
    async audit(limit) {
      const rows = await zone().auditEntries(limit)
      return rows.map((row) => ({
        version: row.version,
        at: new Date(row.at_ms).toISOString(),
        actor: row.actor,
        action: row.action,
        changes: parseOwn<AuditEntry['changes']>(row.changes),
      }))
    },
  }
}

function readRequest(selection: Selection): ReadRequest {
  return Object.entries(selection).map(([collection, ids]) => ({ collection, ids }))
}

/** The text is put together rather than the values, so that one parse gives the one shape. */
function byCollection(documents: readonly StoredDocument[]): Documents {
  const bodies = new Map<string, string[]>(COLLECTIONS.map((collection) => [collection, []]))
  for (const { collection, body } of documents) bodies.get(collection)?.push(body)
  const members = [...bodies].map(([collection, texts]) => `"${collection}":[${texts.join(',')}]`)
  return parseOwn<Documents>(`{${members.join(',')}}`)
}
