/**
 * Lists of addresses, hostnames and networks that expressions name as `$name`; lists of redirects are stored. The name
 * and the kind of a list never change.
 */
import * as z from 'zod/mini'
import { readList } from '#engines/rule-files'
import { err, ok } from '#engines/result'
import type { ListHead } from '../../storage/resources.ts'
import { jsonPointer, readBody } from '../body.ts'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { rulesetPorts } from '../rulesets/next-ruleset.ts'
import { transact } from '../transaction.ts'
import { deletingList, newList, savingList } from './lists/list-state.ts'
import { countUsers, LIST_USER_SELECTION, listUser } from './lists/list-users.ts'

const NEW_LIST = z.looseObject({})

const LIST_CHANGE = z.object({
  description: z.optional(z.string().check(z.maxLength(LIMITS.descriptionCharactersMax))),
})

const SELECTION = { ...LIST_USER_SELECTION, list_head: 'all', provenance: 'all' } as const

export async function listLists({ ports }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ ...LIST_USER_SELECTION, list_head: 'all' })
  const users = countUsers(documents)
  return ok({ result: documents.list_head.map((head) => printed(head, users)) })
}

export async function createList({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, NEW_LIST)
  if (!body.ok) return body
  const content = readList(body.value)
  if (!content.ok) {
    return err(
      content.error.map(({ path, message }) => ({
        error: 'invalid_list' as const,
        message,
        pointer: jsonPointer(path),
      })),
    )
  }
  const transaction = { selection: SELECTION, actor, action: 'rules.lists.create' }
  const done = await transact(ports, transaction, async ({ list_head: heads }) => {
    if (heads.some(({ name }) => name === content.value.name)) return problem('list_exists')
    if (heads.length >= LIMITS.listsMax) {
      return problem('limit_reached', `There may be at most ${LIMITS.listsMax} lists.`)
    }
    const list = newList(content.value, rulesetPorts(ports))
    return ok({ ...savingList(undefined, list), result: printed(list.head, NO_USERS) })
  })
  if (!done.ok) return done
  const { result, notices } = done.value
  const stored = result.kind === 'redirect' ? [{ notice: 'list_not_comparable' } as const] : []
  return ok({ result, notices: [...stored, ...notices] })
}

export async function getList({ ports, param }: Call): Promise<Outcome> {
  const selection = { ...LIST_USER_SELECTION, list_head: [param('list_id')] }
  const { documents } = await ports.zone.read(selection)
  const [head] = documents.list_head
  return head === undefined
    ? problem('not_found')
    : ok({ result: printed(head, countUsers(documents)) })
}

export async function updateList({ ports, request, param, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, LIST_CHANGE)
  if (!body.ok) return body
  const transaction = { selection: SELECTION, actor, action: 'rules.lists.update' }
  return transact(ports, transaction, async (documents) => {
    const head = documents.list_head.find(({ id }) => id === param('list_id'))
    if (head === undefined) return problem('not_found')
    const { description = head.description } = body.value
    const users = countUsers(documents)
    if (description === head.description)
      return ok({ puts: [], deletes: [], result: printed(head, users) })
    const next = { ...head, description, modified_on: rulesetPorts(ports).now }
    const put = { collection: 'list_head', id: head.id, body: next } as const
    return ok({ puts: [put], deletes: [], result: printed(next, users) })
  })
}

export async function deleteList({ ports, param, actor }: Call): Promise<Outcome> {
  const transaction = { selection: SELECTION, actor, action: 'rules.lists.delete' }
  return transact(ports, transaction, async (documents) => {
    const head = documents.list_head.find(({ id }) => id === param('list_id'))
    if (head === undefined) return problem('not_found')
    const user = listUser(documents, head.name)
    if (user !== null) return problem('list_in_use', `It is used by ${user}.`)
    return ok({ ...deletingList(documents, head), result: { id: head.id } })
  })
}

const NO_USERS: ReadonlyMap<string, number> = new Map()

type PrintedList = ListHead & { readonly num_referencing_filters: number }

/** Cloudflare counts filters; here rules are what names a list. */
function printed(head: ListHead, users: ReadonlyMap<string, number>): PrintedList {
  return { ...head, num_referencing_filters: users.get(head.name) ?? 0 }
}
