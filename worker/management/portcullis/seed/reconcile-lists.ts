/**
 * Brings the lists that came from files to what the files say. A list in a file is complete; items that stay keep their
 * ids. A name that a list made through the API has is left to that list.
 */
import type { Documents } from '../../../storage/ports.ts'
import type { ListHead } from '../../../storage/resources.ts'
import { LIMITS } from '../../limits.ts'
import {
  deletingList,
  type ListState,
  newList,
  replacingItems,
  savingList,
  stateOf,
} from '../../rules/lists/list-state.ts'
import { listUser } from '../../rules/lists/list-users.ts'
import type { RulesetPorts } from '../../rulesets/next-ruleset.ts'
import { combined, fileError, NO_CHANGE, remembering, type SeedChange } from './change.ts'
import type { DesiredList } from './desired-rules.ts'
import { originsOf } from './origins.ts'

export function reconcileLists(
  documents: Documents,
  desired: readonly DesiredList[],
  ports: RulesetPorts,
): SeedChange {
  const origins = originsOf(documents)
  const wanted = new Set(desired.map(({ list }) => list.name))
  const stored = new Map(documents.list_head.map((head) => [head.name, head]))
  const gone = documents.list_head.filter(
    ({ id, name }) => !wanted.has(name) && origins.fileOf('list_head', id) !== undefined,
  )
  const changes = [
    ...gone.map((head) =>
      deletion(documents, head, origins.fileOf('list_head', head.id) ?? 'rules'),
    ),
    ...desired.map((want) => {
      const head = stored.get(want.list.name)
      if (head === undefined) return creation(want, ports)
      const file = origins.fileOf('list_head', head.id)
      if (file === undefined) return { ...NO_CHANGE, left_alone: [nameOf(head)] }
      return update(stateOf(head, documents.list), want, { ports, isMoved: file !== want.file })
    }),
  ]
  const change = combined(changes)
  const overfull = quotaMessage(documents, change)
  if (overfull === null) return change
  return { ...NO_CHANGE, errors: [fileError(desired.at(-1)?.file ?? 'rules', overfull)] }
}

function creation({ file, list }: DesiredList, ports: RulesetPorts): SeedChange {
  const next = replacingItems(newList(list, ports), list.items, ports)
  const { puts } = savingList(undefined, next)
  const memory = remembering('list_head', next.head.id, file)
  return { ...NO_CHANGE, puts: [...puts, memory], created: [nameOf(list)] }
}

function update(
  before: ListState,
  { file, list }: DesiredList,
  { ports, isMoved }: { readonly ports: RulesetPorts; readonly isMoved: boolean },
): SeedChange {
  if (before.head.kind !== list.kind) {
    const text = `The list "${list.name}" is of kind ${before.head.kind}, which never changes: use another name.`
    return { ...NO_CHANGE, errors: [fileError(file, text)] }
  }
  const moved = isMoved ? [remembering('list_head', before.head.id, file)] : []
  const filled = replacingItems(before, list.items, ports)
  const after =
    filled.head.description === list.description
      ? filled
      : {
          ...filled,
          head: { ...filled.head, description: list.description, modified_on: ports.now },
        }
  if (after === before) return { ...NO_CHANGE, puts: moved, unchanged: 1 }
  const { puts, deletes } = savingList(before, after)
  return { ...NO_CHANGE, puts: [...puts, ...moved], deletes, updated: [nameOf(list)] }
}

/** A list that a rule made through the API names cannot go. */
function deletion(documents: Documents, head: ListHead, file: string): SeedChange {
  const origins = originsOf(documents)
  const fromApi = documents.ruleset.map((ruleset) => ({
    ...ruleset,
    rules: ruleset.rules.filter(({ id }) => origins.fileOf('rule', id) === undefined),
  }))
  const user = listUser({ ruleset: fromApi, token_rules: documents.token_rules }, head.name)
  if (user !== null) {
    const text = `The list "${head.name}" is in no file any more, but it is used by ${user}.`
    return { ...NO_CHANGE, errors: [fileError(file, text)] }
  }
  return { ...NO_CHANGE, ...deletingList(documents, head), deleted: [nameOf(head)] }
}

function quotaMessage(documents: Documents, { puts, deletes }: SeedChange): string | null {
  const heads = new Map(documents.list_head.map((head) => [head.id, head]))
  for (const { collection, id } of deletes) if (collection === 'list_head') heads.delete(id)
  for (const put of puts) if (put.collection === 'list_head') heads.set(put.id, put.body)
  const items = [...heads.values()].reduce((sum, { num_items }) => sum + num_items, 0)
  if (heads.size > LIMITS.listsMax) return `There may be at most ${LIMITS.listsMax} lists.`
  return items > LIMITS.listItemsTotalMax
    ? `All lists together may have at most ${LIMITS.listItemsTotalMax} items.`
    : null
}

function nameOf({ name }: { readonly name: string }): string {
  return `list/${name}`
}
