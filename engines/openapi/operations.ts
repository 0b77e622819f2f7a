/**
 * The operations that a document describes, as requests will name them.
 *
 * Promises one operation for each method, host and canonical endpoint, in document order; a path whose
 * servers name no host gives none, with a warning. Callers check `defaultHosts` with `parseHostPattern`.
 */
import { parseTemplate } from '#engines/paths'
import type { ReadDocument } from './document.ts'
import { arrayMember, member, type Place } from './json-value.ts'
import { listOperations, type DocumentOperation } from './path-items.ts'
import { withoutQuery } from './path-rules.ts'
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
  for (const each of listOperations(document.root)) {
    const place = ['paths', each.path, each.method.toLowerCase()]
    const servers = serverBases(each.servers, defaultHosts, placeOfServers(document, each))
    notes.push(...servers.notes)
    if (withoutQuery(each.path) !== each.path) {
      notes.push({ code: 'path_with_query', detail: '', place })
    }
    for (const { host, basePath } of servers.bases) {
      const template = parseTemplate(basePath + withoutQuery(each.path))
      if (!template.ok) {
        notes.push({ code: 'path_unsupported', detail: template.error.reason, place })
        continue
      }
      const { endpoint } = template.value
      const triple = `${each.method} ${host} ${endpoint}`
      if (operations.get(triple)?.profile_key === each.key) continue
      if (operations.has(triple)) notes.push({ code: 'duplicate_operation', detail: triple, place })
      else operations.set(triple, { method: each.method, host, endpoint, profile_key: each.key })
    }
  }
  return { operations: [...operations.values()], warnings: warningsOf(distinct(notes)) }
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
