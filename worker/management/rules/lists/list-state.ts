/**
 * A list with its items, and how it changes. Items lie in parts of a bounded size, so that one item more costs one part;
 * a part is filled up before another is begun, so there are never more of them than `PARTS_MAX`.
 */
import { type ListContent, type ListItemContent, listItemKey } from '#engines/rule-files'
import type { Delete, Documents, Put } from '../../../storage/ports.ts'
import type { ListHead, ListItem, ListPart } from '../../../storage/resources.ts'
import { LIMITS } from '../../limits.ts'
import { forgetting } from '../../provenance.ts'
import type { RulesetPorts } from '../../rulesets/next-ruleset.ts'

export type ListState = {
  readonly head: ListHead
  /** In the order of their numbers, which may have gaps. */
  readonly parts: readonly ListPart[]
}

type ListWrites = { readonly puts: readonly Put[]; readonly deletes: readonly Delete[] }

const PARTS_MAX = Math.ceil(LIMITS.listItemsTotalMax / LIMITS.listPartItemsMax)

/** The ids of all parts that a list can have; most of them are not there. */
export function partIds(listId: string): readonly string[] {
  return Array.from({ length: PARTS_MAX }, (_, number) => partId(listId, number))
}

/** The list with the parts that were read. */
export function stateOf(head: ListHead, parts: readonly ListPart[]): ListState {
  const own = parts.filter(({ id }) => id === head.id)
  return { head, parts: own.toSorted((a, b) => a.number - b.number) }
}

export function itemsOf({ parts }: ListState): readonly ListItem[] {
  return parts.flatMap(({ items }) => items)
}

export function newList(content: ListContent, { now, newId }: RulesetPorts): ListState {
  const { name, kind, description } = content
  const id = newId()
  const dates = { created_on: now, modified_on: now }
  return {
    head: { id, name, kind, description, num_items: 0, ...dates },
    parts: [{ id, name, kind, number: 0, items: [] }],
  }
}

/** An item that is there already keeps its id and says what the new one says. */
export function adding(
  list: ListState,
  contents: readonly ListItemContent[],
  ports: RulesetPorts,
): ListState {
  const wanted = new Map(contents.map((content) => [listItemKey(content), content]))
  const parts = list.parts.map((part) => {
    const items = part.items.map((item) => {
      const key = listItemKey(item)
      const content = wanted.get(key)
      wanted.delete(key)
      return content === undefined ? item : nextItem(item, content, ports)
    })
    return items.every((item, index) => item === part.items[index]) ? part : { ...part, items }
  })
  const added = [...wanted.values()].map((content) => nextItem(undefined, content, ports))
  return changed(list, filled(list.head, parts, added), ports)
}

/** Only what is named is in the list afterwards; what was there already keeps its id. */
export function replacingItems(
  list: ListState,
  contents: readonly ListItemContent[],
  ports: RulesetPorts,
): ListState {
  const wanted = new Set(contents.map((content) => listItemKey(content)))
  const gone = itemsOf(list).filter((item) => !wanted.has(listItemKey(item)))
  return adding(removing(list, new Set(gone.map(({ id }) => id)), ports), contents, ports)
}

export function removing(
  list: ListState,
  ids: ReadonlySet<string>,
  ports: RulesetPorts,
): ListState {
  const parts = list.parts.flatMap((part) => {
    const items = part.items.filter(({ id }) => !ids.has(id))
    if (items.length === part.items.length) return [part]
    return items.length === 0 && part.number > 0 ? [] : [{ ...part, items }]
  })
  return changed(list, parts, ports)
}

/** What is to be written to come from one state to the other; nothing when they are the same. */
export function savingList(before: ListState | undefined, after: ListState): ListWrites {
  if (before === after) return { puts: [], deletes: [] }
  const stored = new Set(before?.parts)
  const kept = new Set(after.parts.map(({ number }) => number))
  const { id } = after.head
  return {
    puts: [
      { collection: 'list_head', id, body: after.head },
      ...after.parts.flatMap((part): Put[] =>
        stored.has(part) ? [] : [{ collection: 'list', id: partId(id, part.number), body: part }],
      ),
    ],
    deletes: (before?.parts ?? []).flatMap(({ number }): Delete[] =>
      kept.has(number) ? [] : [{ collection: 'list', id: partId(id, number) }],
    ),
  }
}

export function deletingList(documents: Documents, { id }: ListHead): ListWrites {
  return {
    puts: [],
    deletes: [
      { collection: 'list_head', id },
      ...partIds(id).map((part): Delete => ({ collection: 'list', id: part })),
      ...forgetting(documents, 'list_head', id),
    ],
  }
}

function partId(listId: string, number: number): string {
  return `${listId}/${number}`
}

function nextItem(
  stored: ListItem | undefined,
  content: ListItemContent,
  { now, newId }: RulesetPorts,
): ListItem {
  if (stored === undefined) return { id: newId(), ...content, created_on: now, modified_on: now }
  const { id, created_on, modified_on, ...before } = stored
  if (JSON.stringify(before) === JSON.stringify(content)) return stored
  return { id, ...content, created_on, modified_on: now > modified_on ? now : modified_on }
}

/** The parts with the items in the free places of them, and in as many more as are needed. */
function filled(
  { id, name, kind }: ListHead,
  parts: readonly ListPart[],
  items: readonly ListItem[],
): readonly ListPart[] {
  const result: ListPart[] = []
  let left = items
  for (let number = 0; number < PARTS_MAX; number++) {
    const part = parts.find((each) => each.number === number)
    if (part === undefined && left.length === 0) continue
    const held = part?.items ?? []
    const more = left.slice(0, LIMITS.listPartItemsMax - held.length)
    left = left.slice(more.length)
    if (part !== undefined && more.length === 0) result.push(part)
    else result.push({ id, name, kind, number, items: [...held, ...more] })
  }
  return result
}

function changed(list: ListState, parts: readonly ListPart[], { now }: RulesetPorts): ListState {
  const same =
    parts.length === list.parts.length && parts.every((part, index) => part === list.parts[index])
  if (same) return list
  const numItems = parts.reduce((sum, { items }) => sum + items.length, 0)
  return { head: { ...list.head, num_items: numItems, modified_on: now }, parts }
}
