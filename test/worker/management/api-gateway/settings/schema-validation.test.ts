import { describe, expect, test } from 'vitest'
import { api, Z } from '../../../../support/management.ts'

const PATH = `${Z}/api_gateway/settings/schema_validation`

const settings = (action: string, override: string | null = null) => ({
  validation_default_mitigation_action: action,
  validation_override_mitigation_action: override,
})

describe('200', () => {
  test('the settings stand in the envelope and beside it', async () => {
    const reply = await api('older-settings-get')(`GET ${PATH}`)
    expect(reply).toMatchObject({ success: true, result: settings('none'), ...settings('none') })
  })

  test('PUT replaces, and both APIs show the same', async () => {
    const call = api('older-settings-put')
    const put = await call(`PUT ${PATH}`, { body: settings('log', 'none') })
    expect(put).toMatchObject(settings('log', 'none'))
    const newer = await call(`GET ${Z}/schema_validation/settings`)
    expect(newer.result).toEqual(settings('log', 'none'))
    const cleared = { validation_default_mitigation_action: 'block' }
    expect(await call(`PUT ${PATH}`, { body: cleared })).toMatchObject(settings('block'))
  })

  test.each([
    { name: 'null changes nothing', body: settings('log', null), after: settings('log', 'none') },
    { name: 'nothing changes nothing', body: {}, after: settings('block', 'none') },
    {
      name: 'disable_override clears',
      body: { validation_override_mitigation_action: 'disable_override' },
      after: settings('block'),
    },
    {
      name: 'a null action changes nothing',
      body: { validation_default_mitigation_action: null },
      after: settings('block', 'none'),
    },
  ])('PATCH: $name', async ({ name, body, after }) => {
    const call = api(`older-settings-patch ${name}`)
    await call(`PUT ${PATH}`, { body: settings('block', 'none') })
    expect(await call(`PATCH ${PATH}`, { body })).toMatchObject(after)
  })
})

test('400 for an unknown action', async () => {
  const reply = await api('older-settings-400')(`PATCH ${PATH}`, { body: settings('shout') })
  expect(reply.status).toBe(400)
  expect(reply.errors[0]?.source?.pointer).toBe('/validation_default_mitigation_action')
})
