import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import { isOverfull } from '../../../../worker/management/schema-validation/schema-quota.ts'
import type { SchemaSource, StoredProfile } from '../../../../worker/storage/resources.ts'

const source = (id: number, characters: number): SchemaSource => ({
  schema_id: `s${id}`,
  source: 'x'.repeat(characters),
})

const profile = (id: number, characters: number): StoredProfile => {
  const empty = {
    schema_id: `s${id}`,
    created_at: '',
    validation_enabled: true,
    operation_keys: {},
    profile: { operations: {}, schemas: {} },
  }
  return { ...empty, created_at: 'x'.repeat(characters - JSON.stringify(empty).length) }
}

const NOTHING = { puts: [], deletes: [] }
const { schemasMax, sourceCharactersTotalMax, profileCharactersTotalMax } = LIMITS

describe('the bounds of what a zone holds', () => {
  test.each([
    ['documents at', schemasMax, false],
    ['documents above', schemasMax + 1, true],
  ])('%s', (_name, count, isOver) => {
    const schema_source = Array.from({ length: count }, (_, id) => source(id, 1))
    expect(isOverfull({ schema_source, schema_profile: [] }, NOTHING)).toBe(isOver)
  })

  test.each([
    ['below', -1, false],
    ['at', 0, false],
    ['above', 1, true],
  ])('characters %s, of texts and of profiles', (_name, more, isOver) => {
    const half = sourceCharactersTotalMax / 2
    const schema_source = [source(1, half), source(2, half + more)]
    expect(isOverfull({ schema_source, schema_profile: [] }, NOTHING)).toBe(isOver)
    const schema_profile = [
      profile(1, 1_000_000),
      profile(2, profileCharactersTotalMax - 1_000_000 + more),
    ]
    expect(isOverfull({ schema_source: [], schema_profile }, NOTHING)).toBe(isOver)
  })

  test('a document that is replaced or deleted counts once or not', () => {
    const schema_source = [source(1, sourceCharactersTotalMax)]
    const documents = { schema_source, schema_profile: [] }
    const put = { collection: 'schema_source', id: 's1', body: source(1, 5) } as const
    expect(isOverfull(documents, { puts: [put], deletes: [] })).toBe(false)
    const other = { collection: 'schema_source', id: 's2', body: source(2, 5) } as const
    expect(isOverfull(documents, { puts: [other], deletes: [] })).toBe(true)
    const gone = { collection: 'schema_source', id: 's1' } as const
    expect(isOverfull(documents, { puts: [other], deletes: [gone] })).toBe(false)
  })
})
