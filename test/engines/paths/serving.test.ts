import { expect, test } from 'vitest'
import { compileOperations, findServing } from '#engines/paths'

const host = 'api.example.com'
const get = { method: 'GET', host, endpoint: '/a/{var1}' }
const head = { ...get, method: 'HEAD' }

const served = (operations: readonly (typeof get)[], method: string) =>
  findServing(compileOperations(operations), { method, host, path: '/a/1' })?.operation

test('GET answers a HEAD that is no operation of its own, and nothing else', () => {
  expect(served([get], 'HEAD')).toBe(get)
  expect(served([get, head], 'HEAD')).toBe(head)
  expect(served([head], 'GET')).toBeUndefined()
  expect(served([get], 'POST')).toBeUndefined()
  expect(served([get], 'head')).toBeUndefined()
})
