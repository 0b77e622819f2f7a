/**
 * The operations that a document describes, as requests will name them.
 *
 * Promises one operation for each method, host and canonical endpoint, in document order; a path whose
 * servers name no host gives none, with a warning. Callers check `defaultHosts` with `parseHostPattern`.
 */
import { parseTemplate } from '#engines/paths'
import type { ReadDocument } from './document.ts'
import { arrayMember, member, type Place } from './json-value.ts'
import type { DocumentOperation } from './path-items.ts'
import { templateText, withoutQuery } from './path-rules.ts'
import { serverBases } from './servers.ts'
import { warningsOf, type Note, type Warning } from './warnings.ts'

type ExtractedOperation = {
  readonly method: string
  readonly host: string
  readonly endpoint: string
  /** Key of the operation in the document's `SchemaProfile`. */
  readonly profile_key: string
}

export type ExtractedOperations = {
  readonly operations: readonly ExtractedOperation[]
  readonly warnings: readonly Warning[]
}

/** Extracts operations; `defaultHosts` (canonical) stand in where a server names no host. */
export function extractOperations(
  document: ReadDocument,
  defaultHosts: readonly string[] = [],
): ExtractedOperations {
  const operations = new Map<string, ExtractedOperation>()
  const notes: Note[] = []
  const basesOf = createServerReader(document, defaultHosts)
  for (const each of document.operations) {
    const place = ['paths', each.path, each.method.toLowerCase()]
    const servers = basesOf(each)
    notes.push(...servers.notes)
    const path = templateText(each.path)
    if (withoutQuery(each.path) !== each.path) {
      notes.push({ code: 'path_with_query', detail: '', place })
    }
    for (const [basePath, hosts] of servers.hosts) {
      const template = parseTemplate(basePath + path)
      if (!template.ok) {
        notes.push({ code: 'path_unsupported', detail: template.error.reason, place })
        continue
      }
      const { endpoint } = template.value
      for (const host of hosts) {
        const triple = `${each.method} ${host} ${endpoint}`
        const known = operations.get(triple)
        if (known === undefined) {
          operations.set(triple, { method: each.method, host, endpoint, profile_key: each.key })
        } else if (known.profile_key !== each.key) {
          notes.push({ code: 'duplicate_operation', detail: triple, place })
        }
      }
    }
  }
  return { operations: [...operations.values()], warnings: warningsOf(distinct(notes)) }
}

type ReadServers = {
  /** The hosts of each base path. */
  readonly hosts: ReadonlyMap<string, readonly string[]>
  readonly notes: readonly Note[]
}

/** Most operations share one list of servers, so each list is read once; what is odd in it is noted once. */
function createServerReader(
  document: ReadDocument,
  defaultHosts: readonly string[],
): (operation: DocumentOperation) => ReadServers {
  const read = new Map<readonly unknown[], ReadServers>()
  return (operation) => {
    const known = read.get(operation.servers)
    if (known !== undefined) return known
    const place = placeOfServers(document, operation)
    const { bases, notes } = serverBases(operation.servers, defaultHosts, place)
    const hosts = new Map<string, string[]>()
    for (const { host, basePath } of bases) {
      const found = hosts.get(basePath)
      if (found === undefined) hosts.set(basePath, [host])
      else found.push(host)
    }
    read.set(operation.servers, { hosts, notes: [] })
    return { hosts, notes }
  }
}

function placeOfServers(
  { root }: ReadDocument,
  { path, method, servers }: DocumentOperation,
): Place {
  const own: Place = ['paths', path, method.toLowerCase(), 'servers']
  const item = member(root['paths'], path)
  if (arrayMember(member(item, method.toLowerCase()), 'servers') === servers) return own
  return arrayMember(item, 'servers') === servers ? ['paths', path, 'servers'] : ['servers']
}

/** A server shared by a thousand paths is one oddity, not a thousand. */
function distinct(notes: readonly Note[]): readonly Note[] {
  const byText = new Map(notes.map((note) => [JSON.stringify(note), note]))
  return [...byText.values()]
}
