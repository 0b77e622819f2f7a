/** ZoneStore over the Zone object. Bodies cross as JSON text: the object stores text, and text is cheap to send. */
import type { AuditEntry, Documents, Selection, ZoneStore } from '../ports.ts'
import type { Collection } from '../resources.ts'
import type { StoredDocument } from './documents.ts'
import type { ReadRequest, Zone } from './zone.ts'

export function createZoneStore(namespace: DurableObjectNamespace<Zone>, zoneId: string): ZoneStore {
  // A stub is asked for each call: one that met an error stays broken.
  const zone = () => namespace.getByName(zoneId)
  return {
    async read(selection) {
      const reading = await zone().read(readRequest(selection))
      return { version: reading.version, documents: byCollection(reading.documents) }
    },
    async commit(change) {
      const puts = change.puts.map(({ collection, id, body }) => ({
        collection,
        id,
        body: JSON.stringify(body),
      }))
      const { outcome, version, published } = await zone().commit({ ...change, puts })
      return outcome === 'committed' ? { outcome, version, published } : { outcome, version }
    },
    async audit(limit) {
      const rows = await zone().auditEntries(limit)
      return rows.map((row) => ({
        version: row.version,
        at: new Date(row.at_ms).toISOString(),
        actor: row.actor,
        action: row.action,
        changes: JSON.parse(row.changes) as AuditEntry['changes'],
      }))
    },
  }
}

function readRequest(selection: Selection): ReadRequest {
  return Object.entries(selection).map(([collection, ids]) => ({ collection, ids }))
}

function byCollection(documents: readonly StoredDocument[]): Documents {
  const groups: { [C in Collection]: unknown[] } = {
    operation: [],
    operation_setting: [],
    schema_settings: [],
    configuration: [],
    schema: [],
    schema_source: [],
    schema_profile: [],
    ruleset: [],
    certificate_authority: [],
    authority_key: [],
    hostname_association: [],
    client_certificate: [],
    provenance: [],
    seed_report: [],
  }
  for (const { collection, body } of documents) {
    if (Object.hasOwn(groups, collection)) groups[collection as Collection].push(JSON.parse(body))
  }
  // The Zone object only holds what a Put of the same collection's shape wrote.
  return groups as Documents
}
