/** What a row says of the surroundings of its expression: the phase it is for, and the named lists it may ask. */
import {
  compileList,
  type Environment,
  isPhaseName,
  type ListKind,
  type ListMatcher,
} from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import { isObject, type JsonObject } from './json-lines.ts'

export type GivenEnvironment = {
  readonly environment: Environment
  /** By name; a list that is given without items is empty. */
  readonly matchers: ReadonlyMap<string, ListMatcher>
}

/** The error is one line. Without `lists` names of lists are not checked. */
export function readGivenEnvironment({
  phase,
  lists,
}: JsonObject): Result<GivenEnvironment, string> {
  if (phase !== undefined && (typeof phase !== 'string' || !isPhaseName(phase)))
    return err(`there is no phase ${JSON.stringify(phase).slice(0, 100)}`)
  if (lists === undefined) return ok({ environment: { phase }, matchers: new Map() })
  if (!isObject(lists)) return err('lists must be an object')
  const kinds = new Map<string, ListKind>()
  const matchers = new Map<string, ListMatcher>()
  for (const [name, list] of Object.entries(lists)) {
    const read = readList(list)
    if (!read.ok) return err(`lists.${name.slice(0, 50)}: ${read.error}`)
    kinds.set(name, read.value.kind)
    matchers.set(name, read.value.matcher)
  }
  return ok({ environment: { phase, lists: kinds }, matchers })
}

type GivenList = { readonly kind: ListKind; readonly matcher: ListMatcher }

/** `{"kind": "ip", "items": ["192.0.2.0/24", …]}` */
function readList(list: unknown): Result<GivenList, string> {
  const { kind, items = [] } = isObject(list) ? list : {}
  if (!isListKind(kind)) return err('kind must be ip, hostname, asn or redirect')
  if (!isItems(items)) return err('items must be a list of texts or numbers')
  const compiled = compileList(kind, items)
  if (compiled.ok) return ok({ kind, matcher: compiled.value })
  return err(`item ${compiled.error.index}: ${compiled.error.message}`)
}

function isListKind(kind: unknown): kind is ListKind {
  return kind === 'ip' || kind === 'hostname' || kind === 'asn' || kind === 'redirect'
}

function isItems(items: unknown): items is readonly (string | number)[] {
  return (
    Array.isArray(items) &&
    items.every((item) => typeof item === 'string' || typeof item === 'number')
  )
}
