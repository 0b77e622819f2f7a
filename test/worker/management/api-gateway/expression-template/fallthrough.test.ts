import { expect, test } from 'vitest'
import { compileExpression } from '#engines/expressions'
import { api, Z } from '../../../../support/management.ts'

const call = api('fallthrough-template')
const PATH = `${Z}/api_gateway/expression-template/fallthrough`

test('200: an expression that a rule can have', async () => {
  const { status, result } = await call<{ title: string; expression: string }>(`POST ${PATH}`, {
    body: { hosts: ['API.example.com', 'b.example.com', 'api.example.com:443'] },
  })
  expect(status).toBe(200)
  expect(result.expression).toBe(
    '(cf.api_gateway.fallthrough_detected and http.host in {"api.example.com" "b.example.com"})',
  )
  expect(compileExpression(result.expression).ok).toBe(true)
  expect(result.title).not.toBe('')
})

test.each([
  { name: 'none', hosts: [], pointer: '/hosts' },
  { name: 'a pattern', hosts: ['a.example.com', '{hostVar1}.example.com'], pointer: '/hosts/1' },
  { name: 'no host', hosts: ['a b"c'], pointer: '/hosts/0' },
])('400: $name', async ({ hosts, pointer }) => {
  const reply = await call(`POST ${PATH}`, { body: { hosts } })
  expect(reply.status).toBe(400)
  expect(reply.errors[0]?.source?.pointer).toBe(pointer)
})
