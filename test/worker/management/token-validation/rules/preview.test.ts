import { beforeAll, describe, expect, test } from 'vitest'
import { NO_SUCH_ID, Z } from '../../../../support/management.ts'
import { zoneWithOperations } from '../support.ts'

const PATH = `${Z}/token_validation/rules/preview`

type Preview = {
  readonly operations: readonly { readonly endpoint: string; readonly state: string }[]
}

let zone: Awaited<ReturnType<typeof zoneWithOperations>>

beforeAll(async () => {
  zone = await zoneWithOperations('preview')
})

const selector = () => ({
  include: [{ host: ['V1.example.com', 'v2.example.com'] }],
  exclude: [{ operation_ids: [zone.operations[1]?.operation_id] }],
})

describe('200', () => {
  test.each(['POST', 'PUT'])('%s shows what a selector makes of each operation', async (method) => {
    const reply = await zone.call(`${method} ${PATH}`, { body: selector() })
    const states = ['included', 'excluded', 'included', 'ignored']
    expect(reply).toMatchObject({ status: 200, result_info: { total_count: 4 } })
    expect(reply.result).toEqual({
      operations: zone.operations.map((operation, index) =>
        Object.assign({}, operation, { state: states[index] }),
      ),
      total: 4,
      included: 2,
      excluded: 1,
      ignored: 1,
      selected_hosts: ['v1.example.com', 'v2.example.com'],
      available_hosts: ['v1.example.com', 'v2.example.com', 'v3.example.com'],
    })
  })

  test('an empty selector ignores all', async () => {
    const { result } = await zone.call(`POST ${PATH}`, { body: {} })
    expect(result).toMatchObject({ total: 4, included: 0, ignored: 4, selected_hosts: [] })
  })

  test('an id that no operation has excludes nothing', async () => {
    const body = { exclude: [{ operation_ids: [NO_SUCH_ID] }] }
    expect((await zone.call(`POST ${PATH}`, { body })).result).toMatchObject({ excluded: 0 })
  })

  test.each([
    ['?state=excluded', ['/login']],
    ['?state=excluded&state=ignored', ['/login', '/things']],
    ['?host=v2.example.com', ['/accounts/{var1}']],
    ['?hostname=v1.example.com&method=post', ['/login']],
    ['?endpoint=acc&endpoint=thin', ['/accounts/{var1}', '/accounts/{var1}', '/things']],
    ['?per_page=3&page=2', ['/things']],
  ])('the operations can be filtered, and the totals stay: %s', async (query, endpoints) => {
    const reply = await zone.call<Preview>(`POST ${PATH}${query}`, { body: selector() })
    expect(reply.result.operations.map(({ endpoint }) => endpoint)).toEqual(endpoints)
    expect(reply.result).toMatchObject({ total: 4, included: 2, excluded: 1, ignored: 1 })
  })
})

describe('400', () => {
  test.each([
    ['a host that is none', '', { include: [{ host: ['a b'] }] }, '/include/0/host/0'],
    ['a selector within an object', '', { selector: {} }, ''],
    ['a state that is none', '?state=covered', {}, undefined],
    ['a page that is none', '?page=0', {}, undefined],
  ])('%s', async (_name, query, body, pointer) => {
    const reply = await zone.call(`POST ${PATH}${query}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer).toBe(pointer)
  })
})
