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
    ['PUT', both('log', 'none'), both('log', 'none')],
    ['PUT', { validation_default_mitigation_action: 'log' }, both('log', null)],
    ['PUT', both('log', null), both('log', null)],
    ['PUT', both('log', 'disable_override'), both('log', null)],
    ['PATCH', {}, both('block', 'none')],
    ['PATCH', { validation_default_mitigation_action: 'log' }, both('log', 'none')],
    ['PATCH', { validation_override_mitigation_action: null }, both('block', null)],
    ['PATCH', { validation_override_mitigation_action: 'disable_override' }, both('block', null)],
  ])('%s of %j replaces or changes what is there', async (method, body, expected) => {
    const call = api(`settings-${method}-${JSON.stringify(body)}`)
    await call(`PUT ${PATH}`, { body: both('block', 'none') })
    const reply = await call(`${method} ${PATH}`, { body })
    expect(reply).toMatchObject({ status: 200, result: expected })
    expect((await call(`GET ${PATH}`)).result).toEqual(expected)
  })
})

describe('400', () => {
  test.each([
    ['PUT', both('shout', null), '/validation_default_mitigation_action'],
    ['PUT', {}, '/validation_default_mitigation_action'],
    [
      'PATCH',
      { validation_override_mitigation_action: 'log' },
      '/validation_override_mitigation_action',
    ],
  ])('%s of %j is refused with its place', async (method, body, pointer) => {
    const reply = await api('settings-400')(`${method} ${PATH}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer).toBe(pointer)
  })
})

describe('the sample of responses', () => {
  test.each([
    [0, 200],
    [100, 200],
    [101, 400],
    [-1, 400],
    [1.5, 400],
  ])('%f percent: %i', async (response_sample_percent, status) => {
    const call = api(`settings-sample ${response_sample_percent}`)
    const reply = await call(`PATCH ${PATH}`, { body: { response_sample_percent } })
    expect(reply.status).toBe(status)
    if (status === 400) return
    const later = { validation_default_mitigation_action: 'log' }
    const kept = await call(`PATCH ${PATH}`, { body: later })
    expect(kept.result).toMatchObject({ ...later, response_sample_percent })
    const replaced = await call(`PUT ${PATH}`, { body: later })
    expect(replaced.result).not.toHaveProperty('response_sample_percent')
  })
})
