import { PROFILE_FORMAT } from '#engines/openapi/validate'
import { describe, expect, test } from 'vitest'
import { EMPTY_ZONE } from '../../../worker/gateway/empty-snapshot.ts'
import { createSchemaRegistry } from '../../../worker/gateway/schema-registry.ts'
import type { PublishedProfile } from '../../../worker/storage/collections.ts'

const profile = (more: Partial<PublishedProfile> = {}): PublishedProfile => ({
  schema_id: 's',
  created_at: '2026-01-01T00:00:00Z',
  format: PROFILE_FORMAT,
  operation_keys: { o: 'GET /x' },
  response_part_numbers: {},
  part_numbers: { 'GET /x': [0, 2] },
  parts: ['a', 'b', 'c'],
  ...more,
})

const registryOf = (...schema_profile: PublishedProfile[]) =>
  createSchemaRegistry({ ...EMPTY_ZONE, schema_profile })

describe('the registry of schemas', () => {
  test('names the parts of an operation, and nothing for one that no schema describes', () => {
    const registry = registryOf(profile())
    expect(registry.find('o')).toEqual({ key: 'GET /x', digests: ['a', 'c'] })
    expect(registry.find('other')).toBe(null)
    expect(registry.operationIds).toEqual(new Set(['o']))
  })

  test('prefers the newer of two, in whatever order they come', () => {
    const newer = profile({ created_at: '2026-01-02T00:00:00Z', parts: ['d', 'e', 'f'] })
    for (const both of [
      [profile(), newer],
      [newer, profile()],
    ]) {
      expect(registryOf(...both).find('o')?.digests).toEqual(['d', 'f'])
    }
  })

  test.each([
    { name: 'another format', more: { format: PROFILE_FORMAT + 1 }, says: 'schema_outdated: s' },
    // As an older release published it.
    {
      name: 'no format',
      more: { format: undefined, parts: undefined },
      says: 'schema_outdated: s',
    },
    { name: 'no parts for the operation', more: { part_numbers: {} }, says: 'schema_damaged: s' },
    { name: 'a part too few', more: { parts: ['a'] }, says: 'schema_damaged: s' },
  ])('with $name describes the operation and throws when asked for it', ({ more, says }) => {
    const registry = registryOf({ ...profile(), ...more } as PublishedProfile)
    expect(registry.operationIds).toEqual(new Set(['o']))
    expect(() => registry.find('o')).toThrow(says)
  })
})
