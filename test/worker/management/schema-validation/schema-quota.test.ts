import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import { isOverfull } from '../../../../worker/management/schema-validation/schema-quota.ts'
import type { StoredProfile } from '../../../../worker/storage/resources.ts'

type Weights = Partial<
  Pick<StoredProfile, 'source_characters' | 'parts_characters' | 'index_characters'>
>

const profile = (id: number, weights: Weights = {}): StoredProfile => ({
  schema_id: `s${id}`,
  created_at: '',
  validation_enabled: true,
  format: 1,
  operation_keys: {},
  response_part_numbers: {},
  part_numbers: {},
  parts: [],
  source_sha256: '',
  source_characters: 0,
  parts_characters: 0,
  index_characters: 0,
  ...weights,
})

const put = (body: StoredProfile) =>
  ({ collection: 'schema_profile', id: body.schema_id, body }) as const

const NOTHING = { puts: [], deletes: [] }
const { sourceCharactersTotalMax: textsMax } = LIMITS

describe('the bounds of what a zone holds', () => {
  test.each([
    ['at', LIMITS.schemasMax, false],
    ['above', LIMITS.schemasMax + 1, true],
  ])('documents %s', (_name, count, isOver) => {
    const stored = Array.from({ length: count }, (_, id) => profile(id))
    expect(isOverfull(stored, NOTHING)).toBe(isOver)
  })

  describe.each([
    { member: 'source_characters', max: textsMax },
    { member: 'parts_characters', max: LIMITS.profilePartCharactersTotalMax },
    { member: 'index_characters', max: LIMITS.profileIndexCharactersTotalMax },
  ] as const)('$member together', ({ member, max }) => {
    test.each([
      ['below', -1, false],
      ['at', 0, false],
      ['above', 1, true],
    ])('%s', (_name, more, isOver) => {
      const stored = [profile(1, { [member]: max / 2 }), profile(2, { [member]: max / 2 + more })]
      expect(isOverfull(stored, NOTHING)).toBe(isOver)
    })
  })

  test('a document that is replaced or deleted counts once or not', () => {
    const stored = [profile(1, { source_characters: textsMax })]
    const smaller = put(profile(1, { source_characters: 5 }))
    expect(isOverfull(stored, { puts: [smaller], deletes: [] })).toBe(false)
    const other = put(profile(2, { source_characters: 5 }))
    expect(isOverfull(stored, { puts: [other], deletes: [] })).toBe(true)
    const gone = { collection: 'schema_profile', id: 's1' } as const
    expect(isOverfull(stored, { puts: [other], deletes: [gone] })).toBe(false)
  })

  test('one of an older release, whose weight is not known, keeps nobody out', () => {
    const { source_characters: _source, parts_characters: _parts, ...older } = profile(1)
    expect(isOverfull([older as StoredProfile], { puts: [put(profile(2))], deletes: [] })).toBe(
      false,
    )
  })
})
