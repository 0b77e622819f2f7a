import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../../worker/management/limits.ts'
import { sha256Hex } from '../../../../../worker/storage/digest.ts'
import { createZoneStore } from '../../../../../worker/storage/objects/zone-store.ts'
import { api, settings, Z } from '../../../../support/management.ts'

const PATH = `${Z}/portcullis/graphql/persisted_queries`
const QUERY = '{ hero { name } }'

describe('200', () => {
  test('a document is registered once, found by its hash, listed and taken away', async () => {
    const call = api('persisted')
    const created = await call(`POST ${PATH}`, { body: { query: QUERY } })
    const sha256 = await sha256Hex(QUERY)
    expect(created).toMatchObject({ status: 200, result: { sha256, query: QUERY, bytes: 17 } })
    await call(`POST ${PATH}`, { body: { query: '{ other }' } })
    expect((await call(`POST ${PATH}`, { body: { query: QUERY } })).result).toEqual(created.result)
    expect((await call(`GET ${PATH}/${sha256.toUpperCase()}`)).result).toEqual(created.result)
    const listed = await call<unknown[]>(`GET ${PATH}?per_page=1`)
    expect(listed.result).toEqual([created.result])
    expect(listed.result_info).toMatchObject({ total_count: 2 })
    expect((await call(`DELETE ${PATH}/${sha256}`)).result).toEqual({ sha256 })
    expect((await call<unknown[]>(`GET ${PATH}`)).result).toHaveLength(1)
  })
})

describe('400', () => {
  test.each([
    [{}, '/query', /required/],
    [{ query: '' }, '/query', /at least 1/],
    [{ query: 'x'.repeat(65_537) }, '/query', /at most 65536/],
    [{ query: '{ hero {' }, '/query', /ends too early.*\(byte 8\)/],
    [{ query: 'type A { b: C }' }, '/query', /defines types.*\(byte 0\)/],
    [{ query: QUERY, id: '1' }, '', /Not known here/],
  ])('%j', async (body, pointer, message) => {
    const reply = await api('persisted-400')(`POST ${PATH}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer ?? '').toBe(pointer)
    expect(reply.errors[0]?.message).toMatch(message)
  })

  test.each([
    ['documents', LIMITS.graphqlDocumentsMax, 1],
    ['bytes', 1, LIMITS.graphqlDocumentBytesTotalMax - QUERY.length + 1],
  ])('as many %s as there may be', async (what, count, bytes) => {
    const name = `persisted-full-${what}`
    const document = { query: '{a}', bytes, created_at: '' }
    await createZoneStore(settings.ZONE, name).commit({
      basedOn: 0,
      puts: Array.from({ length: count }, (_, n) => {
        const sha256 = String(n)
        return { collection: 'graphql_document', id: sha256, body: { ...document, sha256 } }
      }),
      deletes: [],
      actor: 'test',
      action: 'test',
    })
    const call = api(name)
    const reply = await call(`POST ${PATH}`, { body: { query: QUERY } })
    expect(reply).toMatchObject({ status: 400, errors: [{ code: 1007 }] })
    await call(`DELETE ${PATH}/0`)
    expect((await call(`POST ${PATH}`, { body: { query: QUERY } })).status).toBe(200)
  })
})

describe('404', () => {
  test.each(['GET', 'DELETE'])('%s of what is not registered', async (method) => {
    expect((await api('persisted-404')(`${method} ${PATH}/ab`)).status).toBe(404)
  })
})
