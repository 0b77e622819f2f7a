import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { operationId, operationIdSync } from '#engines/paths'

const triple = { method: 'GET', host: 'api.example.com', endpoint: '/users/{var1}' }

test('the same operation always has the same identifier', async () => {
  await expect(operationId(triple)).resolves.toBe('3b359115-a57a-5ebe-963a-dad593d2e146')
  await expect(operationId({ ...triple })).resolves.toBe('3b359115-a57a-5ebe-963a-dad593d2e146')
})

test.each([
  ['method', { ...triple, method: 'HEAD' }],
  ['host', { ...triple, host: 'example.com' }],
  ['endpoint', { ...triple, endpoint: '/users/{var1}/' }],
])('another %s is another identifier', async (_part, other) => {
  expect(await operationId(other)).not.toBe(await operationId(triple))
})

test('it is a version 5 UUID: SHA-1 over namespace and name (RFC 9562 §5.5)', async () => {
  const namespace = Buffer.from('cc2c2cb0eb0a46bb8c70d24a8568af53', 'hex')
  const digest = createHash('sha1').update(namespace).update('GET api.example.com /users/{var1}')
  const hex = digest.digest('hex')
  const id = (await operationId(triple)).replaceAll('-', '')
  expect(id.slice(0, 12)).toBe(hex.slice(0, 12))
  expect(id.slice(20)).toBe(hex.slice(20, 32))
  expect(await operationId(triple)).toMatch(
    /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  )
})

test('at once or later, it is the same', async () => {
  const odd = { method: 'PATCH', host: 'bücher.example', endpoint: '/ü/{var1}' }
  expect(operationIdSync(triple)).toBe(await operationId(triple))
  expect(operationIdSync(odd)).toBe(await operationId(odd))
})
