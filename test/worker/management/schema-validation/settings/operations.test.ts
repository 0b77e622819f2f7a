import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../../../worker/storage/resources.ts'
import { api, type Caller, NO_SUCH_ID, Z } from '../../../../support/management.ts'

const PATH = `${Z}/schema_validation/settings/operations`

/** Ids of so many new operations. */
async function operations(call: Caller, count: number): Promise<string[]> {
  const body = Array.from({ length: count }, (_, n) => ({
    method: 'GET',
    host: 'api.example.com',
    endpoint: `/${n}`,
  }))
  const { result } = await call<Operation[]>(`POST ${Z}/api_gateway/operations`, { body })
  return result.map(({ operation_id }) => operation_id)
}

describe('200', () => {
  test('a setting is made, read, listed and cleared', async () => {
    const call = api('operation-settings')
    const [id = ''] = await operations(call, 1)
    const setting = { operation_id: id, mitigation_action: 'block' }
    const put = await call(`PUT ${PATH}/${id}`, { body: { mitigation_action: 'block' } })
    expect(put).toMatchObject({ status: 200, result: setting })
    expect((await call(`GET ${PATH}/${id}`)).result).toEqual(setting)
    expect((await call(`GET ${PATH}`)).result).toEqual([setting])
    expect((await call(`DELETE ${PATH}/${id}`)).result).toEqual({ operation_id: id })
    expect((await call(`GET ${PATH}`)).result).toEqual([])
  })

  test('null clears a setting', async () => {
    const call = api('operation-settings-null')
    const [id = ''] = await operations(call, 1)
    await call(`PUT ${PATH}/${id}`, { body: { mitigation_action: 'log' } })
    const put = await call(`PUT ${PATH}/${id}`, { body: { mitigation_action: null } })
    expect(put.result).toEqual({ operation_id: id, mitigation_action: null })
    expect((await call(`GET ${PATH}/${id}`)).status).toBe(404)
  })

  test('many are edited at once; one without an action stays as it is', async () => {
    const call = api('operation-settings-bulk')
    const [a = '', b = '', c = ''] = await operations(call, 3)
    await call(`PUT ${PATH}/${b}`, { body: { mitigation_action: 'log' } })
    await call(`PUT ${PATH}/${c}`, { body: { mitigation_action: 'log' } })
    const body = {
      [a]: { mitigation_action: 'block' },
      [b]: {},
      [c]: { mitigation_action: null },
    }
    const edited = await call(`PATCH ${PATH}`, { body })
    expect(edited.result).toEqual({
      [a]: { operation_id: a, mitigation_action: 'block' },
      [b]: { operation_id: b, mitigation_action: 'log' },
      [c]: { operation_id: c, mitigation_action: null },
    })
    const list = await call<{ operation_id: string }[]>(`GET ${PATH}`)
    expect(list.result.map(({ operation_id }) => operation_id).toSorted()).toEqual(
      [a, b].toSorted(),
    )
  })
})

describe('400', () => {
  test.each([
    ['an unknown action', { mitigation_action: 'shout' }],
    ['no action', {}],
  ])('%s', async (_name, body) => {
    const reply = await api('operation-settings-400')(`PUT ${PATH}/${NO_SUCH_ID}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer).toBe('/mitigation_action')
  })
})

describe('404', () => {
  const call = api('operation-settings-404')

  test.each([
    ['reading', 'GET', undefined],
    ['setting', 'PUT', { mitigation_action: 'log' }],
    ['clearing', 'DELETE', undefined],
  ])('%s for an operation that is not there', async (_name, method, body) => {
    expect((await call(`${method} ${PATH}/${NO_SUCH_ID}`, { body })).status).toBe(404)
  })

  test('one stranger refuses the whole bulk edit and is named', async () => {
    const [id = ''] = await operations(call, 1)
    const body = { [id]: { mitigation_action: 'log' }, [NO_SUCH_ID]: { mitigation_action: 'log' } }
    const reply = await call(`PATCH ${PATH}`, { body })
    expect(reply.status).toBe(404)
    expect(reply.errors.map(({ source }) => source?.pointer)).toEqual([`/${NO_SUCH_ID}`])
    expect((await call(`GET ${PATH}`)).result).toEqual([])
  })
})
