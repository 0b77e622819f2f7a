import { describe, expect, test } from 'vitest'
import { findingsOf } from '../../../engines/openapi/compile/run.ts'
import type { JsonSchema } from '../../../engines/openapi/compile/schema.ts'
import { documentLimits } from '../../../engines/openapi/limits.ts'
import { compileProfile } from '#engines/openapi'
import { createValidator } from '#engines/openapi/validate'
import { withBody } from './documents.ts'
import { compiledFrom } from './schemas.ts'

describe('references in a document', () => {
  test.each([
    ['an anchor', { $ref: '#text' }],
    ['a relative URI', { $ref: 'texts/plain' }],
    ['an absolute URI', { $ref: 'https://example.com/texts/rich#bold' }],
    ['a pointer in another resource', { $ref: 'texts/plain#/$defs/short' }],
    [
      'the meta-schema',
      { properties: { a: { $ref: 'https://json-schema.org/draft/2020-12/schema' } } },
    ],
  ])('%s is followed', (_name, schema) => {
    const document = withBody(schema, {
      schemas: {
        anchored: { $anchor: 'text', type: 'string' },
        plain: { $id: 'texts/plain', type: 'string', $defs: { short: { type: 'string' } } },
        rich: {
          $id: 'https://example.com/texts/rich',
          $defs: { bold: { $anchor: 'bold', type: 'string' } },
        },
      },
    })
    const { profile, warnings } = compileProfile(document)
    expect(warnings).toEqual([])
    expect(bodyViolations(profile, '"text"')).toEqual([])
    expect(bodyViolations(profile, '{"a":{"type":"colour"}}')).not.toEqual([])
  })

  test('a name in an example is data', () => {
    const { notes } = compiledFrom({ $ref: 'a', examples: [{ $id: 'a' }], const: { $id: 'a' } })
    expect(notes).toMatchObject([{ code: 'external_reference' }])
  })

  test('a pointer past an $id that does not hold it is found in the document, with a warning', () => {
    const document = withBody(
      { $id: 'Body', properties: { a: { $ref: '#/components/schemas/A' } } },
      { schemas: { A: { type: 'string' } } },
    )
    const { profile, warnings } = compileProfile(document)
    expect(warnings).toMatchObject([{ code: 'reference_astray' }])
    expect(bodyViolations(profile, '{"a":1}')).toEqual(['$.a'])
  })

  test('names of Object.prototype are names', () => {
    const schema = JSON.parse(
      '{"$ref":"#/$defs/__proto__","$defs":{"__proto__":{"type":"string"}}}',
    )
    const { check, notes } = compiledFrom(schema)
    expect(notes).toEqual([])
    expect(findingsOf(check, 1)).toHaveLength(1)
  })
})

describe('dynamic references', () => {
  /** Each level doubles the ways to the one below. */
  function ladder(levels: number): JsonSchema {
    const level = (at: number) => ({
      $id: `level${at}`,
      anyOf: [{ $ref: `level${at + 1}` }, { $ref: `side${at}` }],
    })
    const side = (at: number) => ({
      $id: `side${at}`,
      $ref: `level${at + 1}`,
      $defs: { own: { $dynamicAnchor: `name${at}` } },
    })
    const names = Array.from({ length: levels }, (_, at) => at)
    return {
      $ref: 'level0',
      $defs: Object.fromEntries([
        ...names.map((at) => [`level${at}`, level(at)] as const),
        ...names.map((at) => [`side${at}`, side(at)] as const),
        [`level${levels}`, { $id: `level${levels}`, type: 'string' }],
      ]),
    }
  }

  test.each([3, 5, 6, 7, 40])('scopes that double over %d levels are bounded', (levels) => {
    const { check } = compiledFrom(ladder(levels))
    expect(documentLimits.dynamicScopesMax).toBe(64)
    expect(findingsOf(check, 'x')).toEqual([])
  })
})

function bodyViolations(
  profile: ReturnType<typeof compileProfile>['profile'],
  json: string,
): readonly string[] | undefined {
  return createValidator(profile, 'POST /things')
    ?.validate({
      variables: [],
      query: '',
      header: () => null,
      cookie: null,
      contentType: 'application/json',
      body: { kind: 'bytes', bytes: new TextEncoder().encode(json) },
    })
    .violations.map(({ target }) => target)
}
