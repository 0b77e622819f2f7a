/**
 * Server objects to the hosts and base paths that requests will carry.
 *
 * Promises canonical hosts without port, server variables expanded over their enum (else their
 * default), and a note for each server that names no host.
 */
import { parseHostPattern } from '#engines/paths'
import {
  arrayMember,
  member,
  objectMember,
  stringMember,
  type JsonObject,
  type Place,
} from './json-value.ts'
import { documentLimits } from './limits.ts'
import type { Note, WarningCode } from './warnings.ts'

type ServerBase = {
  readonly host: string
  /** Starts with `/` or is empty; never ends with `/`. */
  readonly basePath: string
}

export type ServerBases = { readonly bases: readonly ServerBase[]; readonly notes: readonly Note[] }

/** Expands one `servers` list; relative URLs take the `defaultHosts`. */
export function serverBases(
  servers: readonly unknown[],
  defaultHosts: readonly string[],
  place: Place,
): ServerBases {
  if (servers.length === 0) {
    return defaultHosts.length === 0
      ? { bases: [], notes: [{ code: 'no_servers', detail: '', place: place.slice(0, -1) }] }
      : { bases: onHosts(defaultHosts, '/'), notes: [] }
  }
  const expanded = servers.map((server, index) => basesOf(server, defaultHosts, [...place, index]))
  return {
    bases: expanded.flatMap(({ bases }) => bases),
    notes: expanded.flatMap(({ notes }) => notes),
  }
}

function basesOf(server: unknown, defaultHosts: readonly string[], place: Place): ServerBases {
  const url = stringMember(server, 'url') ?? ''
  const urls = expandVariables(url, server)
  const found = urls
    .slice(0, documentLimits.serverUrlsMax)
    .map((each) => basesOfUrl(each, { defaultHosts, place }))
  const notes = found.flatMap((each) => each.notes)
  if (urls.length > documentLimits.serverUrlsMax) {
    notes.push({ code: 'too_many_server_urls', detail: url, place })
  }
  return { bases: found.flatMap((each) => each.bases), notes }
}

/**
 * Every URL the variables can make; one too many shows the overflow. A variable without a value stays,
 * as a tenant's name in `https://{tenant}.example.com` does.
 */
function expandVariables(url: string, server: unknown): readonly string[] {
  let urls: readonly string[] = ['']
  for (const [index, piece] of url.split(/\{([^{}]*)\}/).entries()) {
    const values = index % 2 === 0 ? [piece] : valuesOf(piece, objectMember(server, 'variables'))
    urls = urls
      .flatMap((start) => values.map((value) => start + value))
      .slice(0, documentLimits.serverUrlsMax + 1)
  }
  return urls
}

function valuesOf(name: string, variables: JsonObject): readonly string[] {
  const variable = member(variables, name)
  const allowed = arrayMember(variable, 'enum').filter((value) => typeof value === 'string')
  const fallback = member(variable, 'default')
  const isNamed = typeof fallback === 'string' || typeof fallback === 'number'
  return allowed.length > 0 ? allowed : [isNamed ? String(fallback) : `{${name}}`]
}

type Context = { readonly defaultHosts: readonly string[]; readonly place: Place }

function basesOfUrl(url: string, { defaultHosts, place }: Context): ServerBases {
  const absolute = /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)([^?#]*)/i.exec(url)
  // A variable left in a path would shift the variables of every operation.
  if ((absolute === null ? url : (absolute[3] ?? '')).includes('{'))
    return noted('unresolved_server_variable', url, place)
  if (absolute === null) {
    if (/^[a-z][a-z\d+.-]*:/i.test(url)) return noted('invalid_server_url', url, place)
    if (defaultHosts.length === 0) return noted('relative_server_url', url, place)
    return { bases: onHosts(defaultHosts, url), notes: [] }
  }
  const [, scheme = '', authority = '', path = ''] = absolute
  const host = parseHostPattern(authority)
  if (!host.ok || !/^https?$/i.test(scheme)) return noted('invalid_server_url', url, place)
  return { bases: onHosts([host.value], path), notes: [] }
}

function onHosts(hosts: readonly string[], path: string): readonly ServerBase[] {
  const trimmed = path.replace(/^\.?\/*/, '/').replace(/\/+$/, '')
  return hosts.map((host) => ({ host, basePath: trimmed }))
}

function noted(code: WarningCode, detail: string, place: Place): ServerBases {
  return { bases: [], notes: [{ code, detail: detail.slice(0, 200), place }] }
}
