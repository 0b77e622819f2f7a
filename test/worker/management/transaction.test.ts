import { expect, test, vi } from 'vitest'
import { ok } from '#engines/result'
import { transact } from '../../../worker/management/transaction.ts'
import { api, callerOf, portsOf, Z } from '../../support/management.ts'

const operation = (n: number) => ({
  method: 'GET',
  host: 'api.example.com',
  endpoint: `/things/${n}`,
})

test('writers at the same time all keep what they wrote', async () => {
  const call = api('transaction-many')
  const numbers = [1, 2, 3, 4, 5]
  const replies = await Promise.all(
    numbers.map((n) => call(`POST ${Z}/api_gateway/operations/item`, { body: operation(n) })),
  )
  expect(replies.map(({ status }) => status)).toEqual(numbers.map(() => 200))
  const list = await call<unknown[]>(`GET ${Z}/api_gateway/operations`)
  expect(list.result).toHaveLength(numbers.length)
})

test('a conflict that never ends is a 409 which the client may repeat', async () => {
  const ports = portsOf('transaction-conflict')
  const commit = vi.fn(async () => ({ outcome: 'conflict', version: 7 }) as const)
  const call = callerOf({ ...ports, zone: { ...ports.zone, commit } })
  const reply = await call(`POST ${Z}/api_gateway/operations/item`, { body: operation(1) })
  expect(reply).toMatchObject({ status: 409, success: false })
  expect(reply.headers.has('x-should-retry')).toBe(false)
  expect(commit).toHaveBeenCalledTimes(8)
})

test('a change that is saved but not published yet says so', async () => {
  const ports = portsOf('transaction-late')
  const call = callerOf({
    ...ports,
    zone: {
      ...ports.zone,
      commit: async (change) => {
        const commit = await ports.zone.commit(change)
        return commit.outcome === 'committed' ? { ...commit, published: false } : commit
      },
    },
  })
  const reply = await call(`POST ${Z}/api_gateway/operations/item`, { body: operation(1) })
  expect(reply).toMatchObject({ status: 200, success: true })
  expect(reply.messages).toEqual([{ code: 1901, message: expect.stringContaining('Saved.') }])
})

test('the data plane is told of a change, and only of a change', async () => {
  const changed = vi.fn(async () => {})
  const call = api('transaction-changed', { changed })
  await call(`POST ${Z}/api_gateway/operations/item`, { body: operation(1) })
  expect(changed).toHaveBeenCalledTimes(1)
  await call(`POST ${Z}/api_gateway/operations/item`, { body: operation(1) })
  expect(changed).toHaveBeenCalledTimes(1)
})

test('every change is in the audit log, with who and what but no content', async () => {
  const call = api('transaction-audit')
  await call(`POST ${Z}/api_gateway/operations/item`, { body: operation(1) })
  const audit = await call<{ actor: string; action: string; changes: { resource: string }[] }[]>(
    `GET ${Z}/portcullis/audit`,
  )
  expect(audit.result).toHaveLength(1)
  expect(audit.result[0]).toMatchObject({
    actor: expect.stringMatching(/^[\da-f]{32}$/),
    action: 'api_gateway.operations.create',
    changes: [{ resource: expect.stringMatching(/^operation\//), change: 'put' }],
  })
})

test('two readings of one transaction are of one version, whoever writes in between', async () => {
  const ports = portsOf('transaction-two')
  const write = api('transaction-two')
  let reads = 0
  const zone = {
    ...ports.zone,
    read: async (selection: Parameters<typeof ports.zone.read>[0]) => {
      const reading = await ports.zone.read(selection)
      if (++reads === 1) {
        await write(`POST ${Z}/api_gateway/operations/item`, { body: operation(1) })
        await write(`PUT ${Z}/api_gateway/configuration`, { body: { auth_id_characteristics: [] } })
      }
      return reading
    },
  }
  const transaction = {
    selection: { operation: 'all' },
    alsoSelected: { configuration: 'all' },
    actor: 'test',
    action: 'test',
  } as const
  const done = await transact({ ...ports, zone }, transaction, async (documents) =>
    ok({ puts: [], deletes: [], result: documents }),
  )
  const documents = done.ok ? done.value.result : undefined
  expect(documents?.operation).toHaveLength(1)
  expect(documents?.configuration).toHaveLength(1)
  expect(reads).toBe(4)
})

test('a dry run decides and commits nothing', async () => {
  const ports = portsOf('transaction-dry')
  const body = { auth_id_characteristics: [] }
  const done = await transact(
    ports,
    { selection: {}, actor: 'test', action: 'test', dryRun: true },
    async () =>
      ok({ puts: [{ collection: 'configuration', id: 'zone', body }], deletes: [], result: 7 }),
  )
  expect(done).toEqual({ ok: true, value: { result: 7, notices: [] } })
  expect((await ports.zone.read({ configuration: 'all' })).version).toBe(0)
})
