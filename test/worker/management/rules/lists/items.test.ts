import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../../worker/management/limits.ts'
import { publishedPart } from '../../../../../worker/storage/collections.ts'
import type { ListHead, ListItem } from '../../../../../worker/storage/resources.ts'
import { A, api, type Caller, NO_SUCH_ID, portsOf } from '../../../../support/management.ts'

const LISTS = `${A}/rules/lists`

/** A new list of addresses, and the path of its items. */
async function listOf(call: Caller, ...ips: string[]) {
  const body = { name: `list_${crypto.randomUUID().slice(0, 8)}`, kind: 'ip' }
  const { result } = await call<ListHead>(`POST ${LISTS}`, { body })
  const path = `${LISTS}/${result.id}/items`
  if (ips.length > 0) await call(`POST ${path}`, { body: ips.map((ip) => ({ ip })) })
  return { id: result.id, path }
}

async function ipsOf(call: Caller, path: string): Promise<string[]> {
  const { result } = await call<ListItem[]>(`GET ${path}?per_page=1000`)
  return result.map(({ ip = '' }) => ip)
}

const addresses = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({
    ip: `10.${(from + n) >> 16}.${((from + n) >> 8) & 255}.${(from + n) & 255}`,
  }))

describe('200', () => {
  test('items are added, read, counted and removed; the operation is done', async () => {
    const call = api('items-life')
    const { id, path } = await listOf(call)
    const body = [{ ip: '192.0.2.1', comment: 'one' }, { ip: '2001:db8::/32' }]
    const added = await call<{ operation_id: string }>(`POST ${path}`, { body })
    const operation = `${LISTS}/bulk_operations/${added.result.operation_id}`
    expect((await call(`GET ${operation}`)).result).toEqual({
      id: added.result.operation_id,
      status: 'completed',
      completed: expect.stringMatching(/Z$/),
    })
    const { result: items } = await call<ListItem[]>(`GET ${path}`)
    expect(items).toMatchObject(body)
    expect((await call<ListHead>(`GET ${LISTS}/${id}`)).result.num_items).toBe(2)
    expect((await call(`GET ${path}/${items[0]?.id}`)).result).toEqual(items[0])
    await call(`DELETE ${path}`, { body: { items: [{ id: items[0]?.id }] } })
    expect(await ipsOf(call, path)).toEqual(['2001:db8::/32'])
  })

  test('an item that is there already keeps its id and takes the new comment', async () => {
    const call = api('items-again')
    const { path } = await listOf(call, '192.0.2.1')
    const [before] = (await call<ListItem[]>(`GET ${path}`)).result
    await call(`POST ${path}`, { body: [{ ip: '192.0.2.1/32', comment: 'new' }] })
    const after = (await call<ListItem[]>(`GET ${path}`)).result
    expect(after).toMatchObject([{ id: before?.id, comment: 'new' }])
  })

  test('an update leaves only what it names; what stays keeps its id', async () => {
    const call = api('items-update')
    const { path } = await listOf(call, '192.0.2.1', '192.0.2.2')
    const before = (await call<ListItem[]>(`GET ${path}`)).result
    await call(`PUT ${path}`, { body: [{ ip: '192.0.2.3' }, { ip: '192.0.2.2' }] })
    const after = (await call<ListItem[]>(`GET ${path}`)).result
    expect(new Set(after.map(({ ip }) => ip))).toEqual(new Set(['192.0.2.2', '192.0.2.3']))
    expect(after.find(({ ip }) => ip === '192.0.2.2')).toEqual(before[1])
    await call(`PUT ${path}`, { body: [] })
    expect(await ipsOf(call, path)).toEqual([])
  })

  test.each([
    ['192.0.2.', ['192.0.2.1', '192.0.2.2']],
    ['0.2.1', []],
  ])('a search for %s', async (search, expected) => {
    const call = api(`items-search-${search}`)
    const { path } = await listOf(call, '192.0.2.1', '192.0.2.2', '198.51.100.1')
    const { result } = await call<ListItem[]>(`GET ${path}?search=${search}`)
    expect(result.map(({ ip }) => ip)).toEqual(expected)
  })

  test('12,000 items go in, page by page out, and one more rewrites one part', async () => {
    const call = api('items-many')
    const { id, path } = await listOf(call)
    const added = await call(`POST ${path}`, { body: addresses(12_000) })
    expect(added.status).toBe(200)
    const seen = new Set<string>()
    let after = ''
    do {
      const reply = await call<ListItem[]>(`GET ${path}?per_page=1000&cursor=${after}`)
      for (const { ip = '' } of reply.result) seen.add(ip)
      const cursors = reply.result_info?.['cursors'] as { after?: string } | undefined
      after = cursors?.after ?? ''
    } while (after !== '')
    expect(seen.size).toBe(12_000)
    await call(`POST ${path}`, { body: [{ ip: '192.0.2.1' }] })
    const [last] = await portsOf('items-many').zone.audit(1)
    expect(last?.changes.map(({ resource }) => resource)).toEqual([
      `list_head/${id}`,
      `list/${id}/12`,
      'list_operations/zone',
    ])
  })

  test('free places are filled before a part is begun', async () => {
    const call = api('items-free')
    const { id, path } = await listOf(call)
    await call(`POST ${path}`, { body: addresses(LIMITS.listPartItemsMax + 1) })
    const { result } = await call<ListItem[]>(`GET ${path}?per_page=1`)
    await call(`DELETE ${path}`, { body: { items: [{ id: result[0]?.id }] } })
    await call(`POST ${path}`, { body: addresses(1, 100_000) })
    const { documents } = await portsOf('items-free').zone.read({ list: 'all' })
    const own = documents.list.filter((part) => part.id === id)
    expect(own.map(({ items }) => items.length)).toEqual([LIMITS.listPartItemsMax, 1])
  })

  test('the data plane gets what can be compared, and nothing else', async () => {
    const call = api('items-published')
    const { id, path } = await listOf(call)
    await call(`POST ${path}`, { body: [{ ip: '192.0.2.1', comment: 'secret' }] })
    const { documents } = await portsOf('items-published').zone.read({ list: 'all' })
    const part = publishedPart(
      'list',
      documents.list.map((body) => JSON.stringify(body)),
    )
    expect(JSON.parse(part)).toEqual([
      { id, name: documents.list[0]?.name, kind: 'ip', items: [{ ip: '192.0.2.1' }] },
    ])
  })
})

describe('400', () => {
  test('every bad item is reported with its place, and none is saved', async () => {
    const call = api('items-bad')
    const { path } = await listOf(call)
    const body = [{ ip: '192.0.2.1' }, { ip: '192.0.2.1/24' }, { asn: 1 }, 'x']
    const reply = await call(`POST ${path}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors.map(({ code, source }) => [code, source?.pointer])).toEqual([
      [1502, '/1/ip'],
      [1502, '/2/asn'],
      [1502, '/2/ip'],
      [1502, '/3'],
    ])
    expect(await ipsOf(call, path)).toEqual([])
  })

  test.each([
    ['no list', 'POST', { ip: '192.0.2.1' }, ''],
    ['nothing to delete', 'DELETE', { items: [] }, '/items'],
    ['an unknown item to delete', 'DELETE', { items: [{ id: NO_SUCH_ID }] }, '/items/0/id'],
  ])('%s', async (name, method, body, pointer) => {
    const call = api(`items-400-${name}`)
    const { path } = await listOf(call, '192.0.2.1')
    const reply = await call(`${method} ${path}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer ?? '').toBe(pointer)
  })

  test('one item more than all lists together may have', async () => {
    const call = api('items-bound')
    const { path } = await listOf(call)
    const body = addresses(LIMITS.listItemsTotalMax)
    expect((await call(`PUT ${path}`, { body })).status).toBe(200)
    const other = await listOf(call)
    const reply = await call(`POST ${other.path}`, { body: [{ ip: '192.0.2.1' }] })
    expect(reply).toMatchObject({ status: 400, errors: [{ code: 1007 }] })
  })

  test('a cursor that no answer gave', async () => {
    const call = api('items-cursor')
    const { path } = await listOf(call, '192.0.2.1')
    expect((await call(`GET ${path}?cursor=x`)).status).toBe(400)
  })
})

describe('404', () => {
  test.each([
    ['items of an unknown list', `GET ${LISTS}/${NO_SUCH_ID}/items`],
    ['an item of an unknown list', `GET ${LISTS}/${NO_SUCH_ID}/items/${NO_SUCH_ID}`],
    ['an unknown operation', `GET ${LISTS}/bulk_operations/${NO_SUCH_ID}`],
  ])('%s', async (_name, line) => {
    expect((await api('items-404')(line)).status).toBe(404)
  })
})
