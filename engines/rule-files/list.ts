/** A list as a whole: its name, which expressions write after a dollar sign, its kind and its items. */
import type { ListKind } from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import {
  below,
  type Checks,
  isRecord,
  type Issue,
  issue,
  type Members,
  membersIssues,
  oneOf,
  textUpTo,
} from './checks.ts'
import { ruleFileLimits as limits } from './limits.ts'
import { type ListItemContent, listItemKey, readListItem } from './list-item.ts'

export type ListContent = {
  readonly name: string
  readonly kind: ListKind
  readonly description: string
}

/** A list in a file is complete: what it does not name is not in it. */
export type FileList = ListContent & { readonly items: readonly ListItemContent[] }

export const LIST_MEMBERS = ['name', 'kind', 'description', 'items']

const KINDS: readonly ListKind[] = ['ip', 'hostname', 'asn', 'redirect']

export function readList(value: unknown): Result<ListContent, readonly Issue[]> {
  if (!isRecord(value)) return err([issue([], 'A list must be an object.')])
  const issues = membersIssues(value, LIST_CHECKS, [])
  if (!hasPassed(value, issues)) return err(issues)
  const { name, kind, description = '' } = value
  return ok({ name, kind, description })
}

/** In a file an item may be written as its bare value: text or a number. */
export function readFileList(value: unknown): Result<FileList, readonly Issue[]> {
  const list = readList(value)
  if (!list.ok) return list
  const items = isRecord(value) ? (value['items'] ?? []) : []
  if (!Array.isArray(items)) return err([issue(['items'], 'This must be a list.')])
  if (items.length > limits.listItemsMax) {
    const text = `The list has ${items.length} items; at most ${limits.listItemsMax} are allowed.`
    return err([issue(['items'], text)])
  }
  const read = readListItems(
    list.value.kind,
    items.map((item: unknown) => unabridged(list.value.kind, item)),
  )
  if (read.ok) return ok({ ...list.value, items: read.value })
  return err(read.error.map((each) => below(['items'], each)))
}

/** The items in order, the same one once with its last comment; or everything that is wrong with any of them. */
export function readListItems(
  kind: ListKind,
  values: readonly unknown[],
): Result<readonly ListItemContent[], readonly Issue[]> {
  const issues: Issue[] = []
  const items = new Map<string, ListItemContent>()
  for (const [index, value] of values.entries()) {
    const read = readListItem(kind, value)
    if (read.ok) items.set(listItemKey(read.value), read.value)
    else issues.push(...read.error.map((each) => below([index], each)))
  }
  return issues.length > 0 ? err(issues) : ok([...items.values()])
}

type WrittenList = Omit<ListContent, 'description'> & { readonly description?: string }

function hasPassed(value: Members, issues: readonly Issue[]): value is Members & WrittenList {
  return issues.length === 0 && typeof value['name'] === 'string'
}

const LIST_CHECKS: Checks = {
  name: { check: checkName, required: true },
  kind: { check: oneOf(KINDS), required: true },
  description: { check: textUpTo(limits.descriptionCharactersMax, 0), required: false },
}

/** Cloudflare: lower-case letters, digits and underscores, at most 50. */
function checkName(value: unknown): string | null {
  const fits = typeof value === 'string' && /^[a-z\d_]+$/.test(value)
  if (fits && value.length <= limits.listNameCharactersMax) return null
  return `This must be 1 to ${limits.listNameCharactersMax} lower-case letters, digits and underscores.`
}

function unabridged(kind: ListKind, item: unknown): unknown {
  if (typeof item === 'number' && kind === 'asn') return { asn: item }
  if (typeof item !== 'string') return item
  return kind === 'hostname' ? { hostname: { url_hostname: item } } : { [kind]: item }
}
