import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findingsOf } from '../../../../engines/openapi/compile/run.ts'
import { compileSchema, type JsonSchema } from '../../../../engines/openapi/compile/schema.ts'

describe('what answers and what reports', () => {
  const names = ['a', 'b', '__proto__', 'toString']
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 0, 1, 1.5, '', 'a', 'ab', '😀'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }),
    ),
  }))
  const { schema } = fc.letrec<{ schema: JsonSchema; keywords: object }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.boolean(),
      fc.constantFrom<JsonSchema>({ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }),
      tie('keywords') as fc.Arbitrary<JsonSchema>,
    ),
    keywords: fc.record(
      {
        type: fc.constantFrom('object', 'array', 'string', ['integer', 'null'], 'number'),
        enum: fc.array(value, { minLength: 1, maxLength: 3 }),
        minLength: fc.nat(2),
        minimum: fc.nat(1),
        uniqueItems: fc.boolean(),
        required: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
        properties: fc.dictionary(fc.constantFrom(...names), tie('schema'), { maxKeys: 2 }),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'o'), tie('schema'), { maxKeys: 2 }),
        additionalProperties: tie('schema'),
        propertyNames: tie('schema'),
        dependentSchemas: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { maxKeys: 1 }),
        unevaluatedProperties: tie('schema'),
        unevaluatedItems: tie('schema'),
        prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        items: tie('schema'),
        contains: tie('schema'),
        allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        if: tie('schema'),
        else: tie('schema'),
      },
      { requiredKeys: [] },
    ),
  }))

  test('agree on every schema and value, and a failure has a finding', () => {
    fc.assert(
      fc.property(schema, schema, schema, value, (one, a, b, subject) => {
        const check = compileSchema(one, { a, b })
        const answer = check.test(subject, newRun(false))
        const reported = check.report()(subject, newRun(false), null)
        expect(reported).toBe(answer)
        expect(findingsOf(check, subject).length > 0).toBe(!answer)
      }),
      { numRuns: 300 },
    )
  })
})

describe('each part that is wrong is named', () => {
  const check = compileSchema(
    {
      type: 'object',
      required: ['id', 'name'],
      properties: { id: { type: 'integer' }, list: { items: { enum: [1] } } },
      patternProperties: { '^x': false },
      additionalProperties: { maxLength: 1 },
    },
    {},
  )

  test.each([
    [[], ['$ type']],
    [{}, ['$.id missing', '$.name missing']],
    [
      { id: 'a', name: 'ab', list: [1, 2], xa: 1 },
      ['$.id type', '$.name length', '$.list[1] enum', '$.xa forbidden'],
    ],
  ])('%j', (subject, findings) => {
    expect(findingsOf(check, subject).map(({ target, kind }) => `${target} ${kind}`)).toEqual(
      findings,
    )
  })
})

function newRun(isExhausted: boolean): Parameters<ReturnType<typeof compileSchema>['test']>[1] {
  return { steps: 0, depth: 0, isExhausted, report: null }
}
