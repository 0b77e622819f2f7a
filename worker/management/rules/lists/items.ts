/**
 * The items of a list. Every change is checked as a whole: one bad item refuses the call with all that is wrong in it.
 * The same item twice is one item, with what was said last.
 */
import * as z from 'zod/mini'
import type { ListKind } from '#engines/expressions'
import { type ListItemContent, readListItems } from '#engines/rule-files'
import { err, ok, type Result } from '#engines/result'
import { SINGLETON } from '../../../storage/collections.ts'
import type { ListItem } from '../../../storage/resources.ts'
import { jsonPointer, readBody } from '../../body.ts'
import { problem, type Problems } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { paginateByCursor, readCursor } from '../../pagination.ts'
import { rulesetPorts, type RulesetPorts } from '../../rulesets/next-ruleset.ts'
import { transact } from '../../transaction.ts'
import { rememberingOperation } from './bulk-operations.ts'
import {
  adding,
  itemsOf,
  type ListState,
  partIds,
  removing,
  replacingItems,
  savingList,
  stateOf,
} from './list-state.ts'

const ITEMS = z.array(z.unknown()).check(z.maxLength(LIMITS.listItemsTotalMax))

const REMOVED_ITEMS = z.object({
  items: z
    .array(z.object({ id: z.string() }))
    .check(z.minLength(1), z.maxLength(LIMITS.listItemsTotalMax)),
})

export async function listItems({ ports, query, param }: Call): Promise<Outcome> {
  const page = readCursor(query, {
    perPageDefault: LIMITS.listItemsPerPageDefault,
    perPageMax: LIMITS.listItemsPerPageMax,
  })
  if (!page.ok) return page
  const { documents } = await ports.zone.read(selectionOf(param('list_id')))
  const head = documents.list_head.find(({ id }) => id === param('list_id'))
  if (head === undefined) return problem('not_found')
  const items = itemsOf(stateOf(head, documents.list))
  const wanted = query.get('search')
  const found = wanted === null ? items : items.filter((item) => isFound(item, wanted))
  return ok(paginateByCursor(found, page.value))
}

export async function getItem({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ list: partIds(param('list_id')) })
  const items = documents.list.flatMap((part) => part.items)
  const item = items.find(({ id }) => id === param('item_id'))
  return item === undefined ? problem('not_found') : ok({ result: item })
}

export async function createItems(call: Call): Promise<Outcome> {
  return changeWithItems(call, 'rules.lists.items.create', adding)
}

export async function updateItems(call: Call): Promise<Outcome> {
  return changeWithItems(call, 'rules.lists.items.update', replacingItems)
}

export async function deleteItems(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, REMOVED_ITEMS, LIMITS.uploadBytesMax)
  if (!body.ok) return body
  return changeItems(call, 'rules.lists.items.delete', (list, using) => {
    const known = new Set(itemsOf(list).map(({ id }) => id))
    const missing = body.value.items.findIndex(({ id }) => !known.has(id))
    if (missing !== -1) {
      const text = 'The list has no item with this id.'
      return problem('invalid_list_item', text, `/items/${missing}/id`)
    }
    return ok(removing(list, new Set(body.value.items.map(({ id }) => id)), using))
  })
}

type Change = (
  list: ListState,
  contents: readonly ListItemContent[],
  using: RulesetPorts,
) => ListState

async function changeWithItems(call: Call, action: string, change: Change): Promise<Outcome> {
  const body = await readBody(call.request, ITEMS, LIMITS.uploadBytesMax)
  if (!body.ok) return body
  return changeItems(call, action, (list, using) => {
    const contents = readContents(list.head.kind, body.value)
    return contents.ok ? ok(change(list, contents.value, using)) : contents
  })
}

async function changeItems(
  { ports, param, actor }: Call,
  action: string,
  change: (list: ListState, using: RulesetPorts) => Result<ListState, Problems>,
): Promise<Outcome> {
  const transaction = { selection: selectionOf(param('list_id')), actor, action }
  return transact(ports, transaction, async (documents) => {
    const head = documents.list_head.find(({ id }) => id === param('list_id'))
    if (head === undefined) return problem('not_found')
    const using = rulesetPorts(ports)
    const before = stateOf(head, documents.list)
    const after = change(before, using)
    if (!after.ok) return after
    const others = documents.list_head.reduce((sum, each) => sum + each.num_items, -head.num_items)
    if (others + after.value.head.num_items > LIMITS.listItemsTotalMax) {
      const text = `All lists together may have at most ${LIMITS.listItemsTotalMax} items.`
      return problem('limit_reached', text)
    }
    const operationId = using.newId()
    const { puts, deletes } = savingList(before, after.value)
    return ok({
      puts: [...puts, rememberingOperation(documents, operationId, using.now)],
      deletes,
      result: { operation_id: operationId },
    })
  })
}

function selectionOf(listId: string) {
  return { list_head: 'all', list: partIds(listId), list_operations: [SINGLETON] } as const
}

function readContents(
  kind: ListKind,
  values: readonly unknown[],
): Result<readonly ListItemContent[], Problems> {
  const read = readListItems(kind, values)
  if (read.ok) return read
  return err(
    read.error.map(({ path, message }) => ({
      error: 'invalid_list_item' as const,
      message,
      pointer: jsonPointer(path),
    })),
  )
}

/** Cloudflare: addresses start with the text, hostnames and redirects contain it, numbers are it. */
function isFound({ ip, hostname, asn, redirect }: ListItem, text: string): boolean {
  if (ip !== undefined) return ip.startsWith(text)
  if (asn !== undefined) return String(asn) === text
  const texts = [hostname?.url_hostname, redirect?.source_url, redirect?.target_url]
  return texts.some((each) => each?.includes(text) === true)
}
