import { expect, test, vi } from 'vitest'
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
