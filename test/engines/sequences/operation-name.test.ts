import { operationId } from '#engines/paths'
import { parseOperationName } from '#engines/sequences'
import { describe, expect, test } from 'vitest'

test('an operation in one line has its canonical parts, the names as written, and its id', async () => {
  const triple = { method: 'GET', host: 'api.example.com', endpoint: '/orgs/{var1}/users/{var2}' }
  const parsed = parseOperationName('GET API.example.com:8443/orgs/{org}/users/{user}')
  expect(parsed).toEqual({
    ok: true,
    value: { ...triple, variables: ['org', 'user'], operationId: await operationId(triple) },
  })
})

test('variables of the host have no names', () => {
  const parsed = parseOperationName('GET {tenant}.example.com/{id}')
  expect(parsed.ok && parsed.value).toMatchObject({
    host: '{hostVar1}.example.com',
    variables: ['id'],
  })
})

describe('what is no operation', () => {
  test.each([
    ['', 'a method, a space, a host and a path'],
    ['*', 'a method, a space, a host and a path'],
    ['GET', 'a method, a space, a host and a path'],
    ['GET api.example.com', 'a method, a space, a host and a path'],
    ['api.example.com/a b', 'a method, a space, a host and a path'],
    ['get api.example.com/', 'The method must be one of GET, POST'],
    [' GET api.example.com/', 'The method must be one of'],
    ['FETCH api.example.com/', 'The method must be one of'],
    ['GET /', 'The host is empty.'],
    ['GET https://api.example.com/', 'is not a port'],
    ['GET api.example.com:x/', '"x" is not a port.'],
    ['GET a_b!.example.com/', 'cannot be a part of a host'],
    ['GET {a}/', 'variables alone'],
    ['GET api.example.com/{a', 'A brace is not closed'],
    ['GET api.example.com/{a}/{a}', 'appears twice'],
    ['GET api.example.com/a?b', 'neither query nor fragment'],
    [`GET api.example.com/${'a'.repeat(4096)}`, 'at most 4096 are allowed'],
  ])('%s', (text, message) => {
    expect(parseOperationName(text)).toEqual({ ok: false, error: expect.stringContaining(message) })
  })
})
