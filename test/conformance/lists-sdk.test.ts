/** All methods of `rules.lists` of the official SDK against the shield on the local edge. */
import { BadRequestError, ConflictError, NotFoundError } from 'cloudflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import { startShield } from '../support/shield.ts'
import { all, recordingClient, type Recording } from './recording.ts'

let edge: Edge
let recording: Recording
let account: { readonly account_id: string }

beforeAll(async () => {
  edge = (await startShield({ originUrl: 'http://origin.invalid' })).edge
  recording = recordingClient(edge)
  account = { account_id: edge.accountId }
})

afterAll(async () => {
  await edge?.stop()
})

describe('rules.lists', () => {
  test('create, list, get, update, delete', async () => {
    const { lists } = recording.client.rules
    const made = await lists.create({ ...account, kind: 'asn', name: 'networks' })
    expect(made).toMatchObject({ kind: 'asn', name: 'networks', num_items: 0 })
    expect(await all(lists.list(account))).toEqual([made])
    expect(await lists.get(made.id, account)).toEqual(made)
    const updated = await lists.update(made.id, { ...account, description: 'ours' })
    expect(updated).toMatchObject({ id: made.id, description: 'ours' })
    expect(await lists.delete(made.id, account)).toEqual({ id: made.id })
    await expect(lists.get(made.id, account)).rejects.toBeInstanceOf(NotFoundError)
  })

  test.each([
    ['ip', [{ ip: '192.0.2.0/24', comment: 'c' }, { ip: '2001:db8::1' }]],
    ['hostname', [{ hostname: { url_hostname: '*.example.com' } }]],
    ['asn', [{ asn: 64_496 }, { asn: 64_497 }]],
    [
      'redirect',
      [{ redirect: { source_url: 'example.com/old', target_url: 'https://example.com/new' } }],
    ],
  ] as const)('items of %s: create, list, get, update, delete', async (kind, body) => {
    const { lists } = recording.client.rules
    const { id } = await lists.create({ ...account, kind, name: `items_${kind}` })
    const { operation_id } = await lists.items.create(id, { ...account, body: [...body] })
    expect(await lists.bulkOperations.get(operation_id, account)).toMatchObject({
      id: operation_id,
      status: 'completed',
    })
    const items = await all(lists.items.list(id, { ...account, per_page: 1 }))
    expect(items).toMatchObject(body)
    const [first] = items
    const itemId = first?.id ?? ''
    expect(await lists.items.get(itemId, { ...account, list_id: id })).toEqual(first)
    await lists.items.update(id, { ...account, body: body.slice(0, 1) })
    expect(await all(lists.items.list(id, account))).toEqual([first])
    await lists.items.delete(id, { ...account, items: [{ id: itemId }] })
    expect(await lists.get(id, account)).toMatchObject({ num_items: 0 })
  })

  test('a list that a rule names stays; a rule that names none is refused', async () => {
    const { rules, rulesets } = recording.client
    const zone = { zone_id: edge.zoneId }
    const using = (expression: string) =>
      rulesets.phases.update('http_request_firewall_custom', {
        ...zone,
        rules: [{ action: 'log', expression }],
      })
    await expect(using('ip.src in $office')).rejects.toBeInstanceOf(BadRequestError)
    const { id } = await rules.lists.create({ ...account, kind: 'ip', name: 'office' })
    await using('ip.src in $office')
    expect(await rules.lists.get(id, account)).toMatchObject({ num_referencing_filters: 1 })
    await expect(rules.lists.delete(id, account)).rejects.toBeInstanceOf(ConflictError)
  })
})
