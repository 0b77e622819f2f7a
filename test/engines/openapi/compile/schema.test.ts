import { Validator } from '@cfworker/json-schema'
import { describe, expect, test } from 'vitest'
import { findingsOf, type Check } from '../../../../engines/openapi/compile/run.ts'
import { compileSchema, type JsonSchema } from '../../../../engines/openapi/compile/schema.ts'
import { createSchemaConverter } from '../../../../engines/openapi/schemas.ts'
import { hasTestdata, readRows, readVector } from '../testdata.ts'

type Group = {
  readonly file: string
  readonly description: string
  readonly format: boolean
  readonly optional: boolean
  readonly schema: JsonSchema
  readonly tests: readonly {
    readonly description: string
    readonly data: unknown
    readonly valid: boolean
  }[]
}

function isValid(schema: JsonSchema, value: unknown): boolean {
  const root = typeof schema === 'boolean' ? {} : schema
  const converter = createSchemaConverter(root, '3.1')
  const converted = converter.convert(schema, [])
  return findingsOf(compileSchema(converted, converter.finish().schemas), value).length === 0
}

/** References by `$id`, `$anchor` or to other documents are refused when a document is read. */
const needsIdentifiers =
  /"\$(?:id|anchor|dynamicRef|dynamicAnchor|recursiveRef)"|"\$ref":"(?!#)|#[a-z]/

function isSupported({ schema }: Group): boolean {
  const { $schema, ...rest } = typeof schema === 'boolean' ? {} : schema
  const isStandard =
    $schema === undefined || $schema === 'https://json-schema.org/draft/2020-12/schema'
  return isStandard && !needsIdentifiers.test(JSON.stringify(rest))
}

describe('the official JSON Schema suite, draft 2020-12', () => {
  const excerpt: readonly Group[] = JSON.parse(readVector('json-schema.json'))

  test.each(excerpt.filter(isSupported))('$file: $description', ({ schema, tests }) => {
    for (const { description, data, valid } of tests)
      expect(isValid(schema, data), description).toBe(valid)
  })

  test.skipIf(!hasTestdata('json-schema'))(
    'every required test (skipped without the testdata beside the repository)',
    () => {
      const groups = suite()
      const required = groups.filter((group) => !group.optional && group.file !== 'format.json')
      const failed = required
        .filter(isSupported)
        .flatMap(({ file, schema, tests }) =>
          tests
            .filter(({ data, valid }) => isValid(schema, data) !== valid)
            .map((each) => `${file}: ${each.description}`),
        )
      expect(failed).toEqual([])
    },
  )

  test.skipIf(!hasTestdata('json-schema'))(
    'the library agrees (skipped without the testdata beside the repository)',
    () => {
      for (const group of suite()) {
        if (group.optional || group.file === 'format.json' || !isSupported(group)) continue
        const library = new Validator(structuredClone(group.schema), '2020-12')
        for (const { data, description } of group.tests) {
          expect(isValid(group.schema, data), `${group.file}: ${description}`).toBe(
            library.validate(data).valid,
          )
        }
      }
    },
  )
})

describe('hostile values and careless schemas end soon', () => {
  test('a schema that doubles with each level of the value', () => {
    const branch = { properties: { x: { $ref: '#/$defs/a' } }, type: 'object' }
    const check = compileShared({ a: { anyOf: [branch, { ...branch, minProperties: 1 }] } })
    let value: unknown = 1
    for (let depth = 0; depth < 90; depth++) value = { x: value }
    expect(findingsOf(check, value)).toEqual([{ kind: 'too_deep', target: '$', argument: '' }])
  })

  test.each([
    ['itself', { a: { $ref: '#/$defs/a' } }],
    [
      'each other',
      { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { anyOf: [{ $ref: '#/$defs/a' }] } },
    ],
    ['nothing', {}],
  ])('references to %s hold for everything', (_name, schemas) => {
    expect(findingsOf(compileShared(schemas), { any: 'thing' })).toEqual([])
  })

  test('a circle that hides behind a part of the value', () => {
    const b = { $ref: '#/$defs/b' }
    const check = compileShared({
      a: { allOf: [{ properties: { x: b } }, b] },
      b: { allOf: [{ $ref: '#/$defs/a' }] },
    })
    expect(findingsOf(check, { x: { x: 1 } })).toHaveLength(1)
  })

  test('uniqueItems and many wrong items are linear, and the report is bounded', () => {
    const items = Array.from({ length: 100_000 }, (_, index) => index)
    expect(findingsOf(compileSchema({ uniqueItems: true }, {}), items)).toEqual([])
    expect(findingsOf(compileSchema({ items: { type: 'string' } }, {}), items)).toHaveLength(32)
  })

  test('a string is tested against a pattern up to a bound', () => {
    const check = compileSchema({ pattern: '^a*$' }, {})
    expect(findingsOf(check, 'a'.repeat(4095))).toEqual([])
    expect(findingsOf(check, 'a'.repeat(4096))).toEqual([])
    expect(findingsOf(check, 'a'.repeat(4097))).toMatchObject([{ kind: 'pattern' }])
  })

  test.each([
    ['1e400 is no number', { type: 'number' }, '1e400', false],
    ['nor a multiple of one', { multipleOf: 0.01 }, '1e400', false],
    ['nor equal to null', { const: null }, '1e400', false],
    ['decimal multiples', { multipleOf: 0.1 }, '0.3', true],
    ['of great numbers', { multipleOf: 0.01 }, '1e308', true],
    ['-0 is 0', { const: 0 }, '-0', true],
    ['__proto__ is a member', { additionalProperties: false }, '{"__proto__":1}', false],
    [
      'and can be declared',
      { properties: JSON.parse('{"__proto__":{"type":"string"}}') },
      '{"__proto__":1}',
      false,
    ],
    ['and required', { required: ['__proto__', 'toString'] }, '{}', false],
  ])('%s', (...[, schema, json, valid]) => {
    expect(isValid(schema, JSON.parse(json))).toBe(valid)
  })
})

function suite(): readonly Group[] {
  return readRows('json-schema/draft2020-12.jsonl') as readonly Group[]
}

function compileShared(schemas: { readonly [name: string]: JsonSchema }): Check {
  return compileSchema({ $ref: '#/$defs/a' }, schemas)
}
