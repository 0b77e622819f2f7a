import { describe, expect, test } from 'vitest'
import { api, Z } from '../../../support/management.ts'

const PATH = `${Z}/schema_validation/settings`
const both = (action: string, override: string | null) => ({
  validation_default_mitigation_action: action,
  validation_override_mitigation_action: override,
})

describe('200', () => {
  test('nothing is validated before somebody says so', async () => {
    expect((await api('settings-none')(`GET ${PATH}`)).result).toEqual(both('none', null))
  })

  test.each([
    ['PUT of both', 'PUT', both('log', 'none'), both('log', 'none')],
    [
      'PUT without the override clears it',
      'PUT',
      { validation_default_mitigation_action: 'log' },
      both('log', null),
    ],
    ['PUT of null clears it', 'PUT', both('log', null), both('log', null)],
    [
      'PUT of disable_override clears it',
      'PUT',
      both('log', 'disable_override'),
      both('log', null),
    ],
    ['PATCH of nothing changes nothing', 'PATCH', {}, both('block', 'none')],
    [
      'PATCH of the action',
      'PATCH',
      { validation_default_mitigation_action: 'log' },
      both('log', 'none'),
    ],
    [
      'PATCH of null clears the override',
      'PATCH',
      { validation_override_mitigation_action: null },
      both('block', null),
    ],
    [
      'PATCH of disable_override clears it',
      'PATCH',
      { validation_override_mitigation_action: 'disable_override' },
      both('block', null),
    ],
  ])('%s', async (name, method, body, expected) => {
    const call = api(`settings-${name}`)
    await call(`PUT ${PATH}`, { body: both('block', 'none') })
    const reply = await call(`${method} ${PATH}`, { body })
    expect(reply).toMatchObject({ status: 200, result: expected })
    expect((await call(`GET ${PATH}`)).result).toEqual(expected)
  })
})

describe('400', () => {
  test.each([
    ['an unknown action', 'PUT', both('shout', null), '/validation_default_mitigation_action'],
    [
      'an unknown override',
      'PATCH',
      { validation_override_mitigation_action: 'log' },
      '/validation_override_mitigation_action',
    ],
    ['PUT without the action', 'PUT', {}, '/validation_default_mitigation_action'],
  ])('%s', async (_name, method, body, pointer) => {
    const reply = await api('settings-400')(`${method} ${PATH}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer).toBe(pointer)
  })
})
