import { describe, expect, test } from 'vitest'
import { findingsOf, type Check } from '../../../../engines/openapi/compile/run.ts'
import { compileSchema, type JsonSchema } from '../../../../engines/openapi/compile/schema.ts'
import { requestLimits } from '../../../../engines/openapi/limits.ts'
import { isValid } from '../schemas.ts'

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

  test('a circle adds nothing, and what stands beside it is still asked', () => {
    const b = { $ref: '#/$defs/b' }
    const check = compileShared({
      a: { allOf: [{ properties: { x: b } }, b] },
      b: { allOf: [{ $ref: '#/$defs/a' }], maxProperties: 1 },
    })
    expect(findingsOf(check, { x: { x: 1 } })).toEqual([])
    expect(findingsOf(check, { x: { x: 1, y: 1 } })).toMatchObject([{ target: '$.x' }])
    expect(findingsOf(check, { x: 1, y: 1 })).toMatchObject([{ target: '$' }])
  })

  test('references that double with each name', () => {
    const names = Array.from({ length: 60 }, (_, index) => `n${index}`)
    const next = (index: number) => ({ $ref: `#/$defs/n${index + 1}` })
    const shared = Object.fromEntries([
      ['a', next(-1)],
      ...names.map((name, index) => [name, { anyOf: [next(index), next(index)] }] as const),
      ['n60', false],
    ])
    expect(findingsOf(compileShared(shared), 1)).toEqual([
      { kind: 'too_deep', target: '$', argument: '' },
    ])
  })

  test('a chain of references: below, at and above the bound', () => {
    const chain = (length: number) =>
      compileShared(
        Object.fromEntries([
          ['a', { $ref: '#/$defs/n1' }],
          ...Array.from(
            { length },
            (_, index) => [`n${index + 1}`, { $ref: `#/$defs/n${index + 2}` }] as const,
          ),
          [`n${length + 1}`, { type: 'string' }],
        ]),
      )
    const { stepsDeepMax } = requestLimits
    expect(findingsOf(chain(stepsDeepMax - 2), 'x')).toEqual([])
    expect(findingsOf(chain(stepsDeepMax - 1), 'x')).toEqual([])
    expect(findingsOf(chain(stepsDeepMax), 'x')).toMatchObject([{ kind: 'too_deep' }])
    expect(findingsOf(chain(20_000), 'x')).toMatchObject([{ kind: 'too_deep' }])
  })

  test('references that nest deeply in schemas that do', () => {
    const nested = (ref: object) => {
      let schema: JsonSchema = ref as JsonSchema
      for (let depth = 0; depth < 150; depth++) schema = { allOf: [schema, { minProperties: 0 }] }
      return schema
    }
    const shared = Object.fromEntries([
      ['a', { $ref: '#/$defs/n0' }],
      ...Array.from({ length: 990 }, (_, index) => [
        `n${index}`,
        nested({ $ref: `#/$defs/n${index + 1}` }),
      ]),
      ['n990', { type: 'string' }],
    ])
    const check = compileShared(shared)
    expect(findingsOf(check, 'x')).toEqual([{ kind: 'too_deep', target: '$', argument: '' }])
    expect(findingsOf(check, 'x')).toHaveLength(1)
  })

  test('what a schema refers to is compiled when a value first needs it', () => {
    const loop = { type: 'object', properties: { next: { $ref: '#/$defs/a' } } }
    expect(findingsOf(compileShared({ a: loop }), { next: { next: 1 } })).toMatchObject([
      { target: '$.next.next', kind: 'type' },
    ])
  })

  test.each([
    ['😀', { maxLength: 1 }, true],
    ['😀', { minLength: 2 }, false],
    ['😀😀', { minLength: 2, maxLength: 2 }, true],
    ['😀😀😀', { maxLength: 2 }, false],
    ['a😀', { minLength: 3 }, false],
    ['\ud83d', { minLength: 1, maxLength: 1 }, true],
    ['é', { maxLength: 1 }, true],
    ['e\u0301', { maxLength: 1 }, false],
  ])('the length of %j is counted in code points: %j', (value, schema, valid) => {
    expect(isValid(schema, value)).toBe(valid)
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
    ['2^53 + 1 is read as 2^53', { multipleOf: 0.01 }, '9007199254740993', true],
    ['beyond 2^53 too', { multipleOf: 2 }, '9007199254740994', true],
    ['but not of what does not divide it', { multipleOf: 3 }, '9007199254740994', false],
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

function compileShared(schemas: { readonly [name: string]: JsonSchema }): Check {
  return compileSchema({ $ref: '#/$defs/a' }, schemas)
}
