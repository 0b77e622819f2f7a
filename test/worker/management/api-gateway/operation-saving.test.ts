import { expect, test } from 'vitest'
import { saving } from '../../../../worker/management/api-gateway/operation-saving.ts'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Documents } from '../../../../worker/storage/ports.ts'
import type { Operation } from '../../../../worker/storage/resources.ts'

function operations(from: number, count: number): Operation[] {
  return Array.from({ length: count }, (_, n) => ({
    operation_id: `op-${from + n}`,
    method: 'GET',
    host: 'api.example.com',
    endpoint: `/${from + n}`,
    last_updated: '2026-01-01T00:00:00Z',
  }))
}

const { operationsMax } = LIMITS

test.each([
  ['below', operationsMax - 2, true],
  ['at', operationsMax - 1, true],
  ['above', operationsMax, false],
])('a zone %s the bound of operations', (_name, stored, isOk) => {
  const documents: Pick<Documents, 'operation'> = { operation: operations(0, stored) }
  expect(saving(documents, operations(stored, 1)).ok).toBe(isOk)
})

test('what is there already needs no room', () => {
  const full = operations(0, operationsMax)
  expect(saving({ operation: full }, full.slice(0, 3))).toEqual({
    ok: true,
    value: { puts: [], operations: full.slice(0, 3) },
  })
})
