import { Validator } from '@cfworker/json-schema'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileSchema, type JsonSchema } from '../../../../engines/openapi/compile/schema.ts'
import { findingsOf } from '../../../../engines/openapi/compile/run.ts'

const names = fc.constantFrom('a', 'b', 'ab')

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, 1, 1.5, 2, '', 'a', 'ab', 'abc', '😀'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
}))

const { schema } = fc.letrec<{ schema: JsonSchema; schemas: JsonSchema[]; named: object }>(
  (tie) => ({
    schemas: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
    named: fc.dictionary(names, tie('schema'), { maxKeys: 2 }),
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.boolean(),
      fc.constantFrom<JsonSchema>({ type: 'string' }, { minimum: 1 }, { required: ['a'] }),
      fc
        .array(
          fc.oneof(
            ...[
              ['type', fc.constantFrom('object', 'array', 'string', ['integer', 'null'], 'number')],
              ['enum', fc.array(value, { minLength: 1, maxLength: 3 })],
              ['const', value],
              ['multipleOf', fc.constantFrom(1, 0.5)],
              ['exclusiveMaximum', fc.nat(2)],
              ['uniqueItems', fc.boolean()],
              ['required', fc.uniqueArray(names, { maxLength: 2 })],
              ['patternProperties', fc.record({ '^a': tie('schema'), b$: tie('schema') })],
              ['dependentRequired', fc.dictionary(names, fc.constantFrom(['b']), { maxKeys: 1 })],
            ].map(([name, operand]) => keyword(name as string, operand as fc.Arbitrary<unknown>)),
            ...[
              'minLength',
              'maxLength',
              'minimum',
              'maxItems',
              'minProperties',
              'minContains',
            ].map((name) => keyword(name, fc.nat(2))),
            ...['properties', 'dependentSchemas'].map((name) => keyword(name, tie('named'))),
            ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((name) =>
              keyword(name, tie('schemas')),
            ),
            ...['items', 'contains', 'not', 'if', 'then', 'else', 'propertyNames'].map((name) =>
              keyword(name, tie('schema')),
            ),
            ...['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'].map((name) =>
              keyword(name, tie('schema')),
            ),
          ),
          { maxLength: 5 },
        )
        .map((entries) => Object.fromEntries(entries)),
    ),
  }),
)

function keyword(name: string, operand: fc.Arbitrary<unknown>): fc.Arbitrary<[string, unknown]> {
  return operand.map((each) => [name, each])
}

test('the library gives the same answer for any schema and value', () => {
  fc.assert(
    fc.property(schema, value, (given, subject) => {
      const library = new Validator(structuredClone(given), '2020-12')
      const findings = findingsOf(compileSchema(given, {}), subject)
      expect(findings.length === 0).toBe(library.validate(subject).valid)
    }),
    { numRuns: 1000 },
  )
})
