import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../worker/management/limits.ts'
import { createManagement } from '../../../worker/management/api.ts'
import { api, portsOf, settings, Z } from '../../support/management.ts'

const call = api('body')
const put = (body: string) => call(`PUT ${Z}/schema_validation/settings`, { body })

/** A valid body with so many levels of arrays in a member that nobody reads. */
function nested(levels: number): string {
  const inner = '['.repeat(levels) + ']'.repeat(levels)
  return `{"validation_default_mitigation_action":"log","x":${inner}}`
}

/** A valid body of exactly so many bytes. */
function ofBytes(bytes: number): string {
  const start = '{"validation_default_mitigation_action":"log","x":"'
  return `${start}${'x'.repeat(bytes - start.length - 2)}"}`
}

describe('the depth of a body', () => {
  test.each([
    ['below', LIMITS.bodyDepthMax - 2, 200],
    ['at', LIMITS.bodyDepthMax - 1, 200],
    ['above', LIMITS.bodyDepthMax, 400],
    ['far above', 200_000, 400],
  ])('%s the bound', async (_name, levels, status) => {
    expect((await put(nested(levels))).status).toBe(status)
  })

  test('is not counted inside strings', async () => {
    const text = `"${'[{\\"'.repeat(500)}"`
    expect((await put(`{"validation_default_mitigation_action":"log","x":${text}}`)).status).toBe(
      200,
    )
  })
})

describe('the bytes of a body', () => {
  test.each([
    ['below', LIMITS.bodyBytesMax - 1, 200],
    ['at', LIMITS.bodyBytesMax, 200],
    ['above', LIMITS.bodyBytesMax + 1, 413],
  ])('%s the bound', async (_name, bytes, status) => {
    expect((await put(ofBytes(bytes))).status).toBe(status)
  })
})

describe('what is not JSON of the right shape', () => {
  test.each([
    ['no body', '', { code: 1001, pointer: undefined }],
    ['half an object', '{"a":', { code: 1001, pointer: undefined }],
    ['a list for an object', '[]', { code: 1002, pointer: '' }],
    ['a missing member', '{}', { code: 1002, pointer: '/validation_default_mitigation_action' }],
    [
      'an unknown word',
      '{"validation_default_mitigation_action":"shout"}',
      { code: 1002, pointer: '/validation_default_mitigation_action' },
    ],
    ['null', 'null', { code: 1002, pointer: '' }],
  ])('%s is refused with its place', async (_name, body, { code, pointer }) => {
    const reply = await put(body)
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors[0]?.code).toBe(code)
    expect(reply.errors[0]?.source?.pointer).toBe(pointer)
    expect(reply.errors[0]?.message).not.toBe('')
  })

  test('bytes that are not UTF-8 are refused', async () => {
    const response = await createManagement(portsOf('body')).fetch(
      new Request(`https://shield.test/client/v4${Z}/schema_validation/settings`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${settings.API_TOKEN}` },
        body: new Uint8Array([0x22, 0xff, 0x22]),
      }),
    )
    expect(response.status).toBe(400)
  })
})
