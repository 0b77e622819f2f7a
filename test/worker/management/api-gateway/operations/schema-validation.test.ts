import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../../../worker/storage/resources.ts'
import { api, type Caller, NO_SUCH_ID, Z } from '../../../../support/management.ts'

const PATH = `${Z}/api_gateway/operations`

async function operationOf(call: Caller): Promise<string> {
  const { result } = await call<Operation>(`POST ${PATH}/item`, {
    body: { method: 'GET', host: 'api.example.com', endpoint: '/temps' },
  })
  return result.operation_id
}

describe('200', () => {
  test('an operation without an action of its own has null', async () => {
    const call = api('older-action-none')
    const operation_id = await operationOf(call)
    const reply = await call(`GET ${PATH}/${operation_id}/schema_validation`)
    expect(reply).toMatchObject({ operation_id, mitigation_action: null })
    expect(reply.result).toEqual({ operation_id, mitigation_action: null })
  })

  test('PUT sets it, PATCH sets several, the newer API shows the same', async () => {
    const call = api('older-action-set')
    const operation_id = await operationOf(call)
    const put = await call(`PUT ${PATH}/${operation_id}/schema_validation`, {
      body: { mitigation_action: 'log' },
    })
    expect(put).toMatchObject({ operation_id, mitigation_action: 'log' })
    const patched = await call(`PATCH ${PATH}/schema_validation`, {
      body: { [operation_id]: { mitigation_action: 'block' } },
    })
    expect(patched.result).toEqual({ [operation_id]: { operation_id, mitigation_action: 'block' } })
    const newer = await call(`GET ${Z}/schema_validation/settings/operations/${operation_id}`)
    expect(newer.result).toEqual({ operation_id, mitigation_action: 'block' })
  })
})

test.each(['GET', 'PUT'])('404 %s of an operation that is not there', async (method) => {
  const call = api('older-action-404')
  const body = method === 'PUT' ? { body: { mitigation_action: 'log' } } : {}
  const reply = await call(`${method} ${PATH}/${NO_SUCH_ID}/schema_validation`, body)
  expect(reply.status).toBe(404)
})
