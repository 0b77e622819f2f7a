import { array, assert, integer, nat, property, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileProfile, readDocument, type SchemaProfile, splitProfile } from '#engines/openapi'
import { operationProfile } from '#engines/openapi/validate'
import { hasTestdata, readTestdata } from './testdata.ts'

type Schema = SchemaProfile['schemas'][string]

/** A profile of operations whose bodies refer to schemas by number, and of schemas that refer to others. */
function profileOf(operations: readonly number[][], schemas: readonly number[][]): SchemaProfile {
  return {
    operations: Object.fromEntries(
      operations.map((names, number) => [`GET /${number}`, operationWith(referring(names))]),
    ),
    schemas: Object.fromEntries(
      schemas.map((names, number) => [`S${number}`, { title: `S${number}`, ...referring(names) }]),
    ),
  }
}

const referring = (names: readonly number[]) => ({
  allOf: names.map((number) => ({ $ref: `#/$defs/S${number}` })),
})

const operationWith = (schema: Schema): SchemaProfile['operations'][string] => ({
  path_variables: [],
  parameters: [],
  body: { required: true, content: { 'application/json': { schema } } },
})

/** What an operation must find, by the plain definition. */
function reached(profile: SchemaProfile, key: string): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (piece: unknown): void => {
    for (const [, name = ''] of JSON.stringify(piece).matchAll(/"#\/\$defs\/(\w+)"/g)) {
      if (names.has(name)) continue
      names.add(name)
      visit(profile.schemas[name])
    }
  }
  visit(profile.operations[key])
  return names
}

function partsFor(profile: SchemaProfile, key: string, partCharactersMax: number) {
  const { parts, partNumbers } = splitProfile(profile, { partCharactersMax })
  return (partNumbers[key] ?? []).flatMap((number) => parts[number] ?? [])
}

const GRAPH = tuple(integer({ min: 1, max: 12 }), integer({ min: 1, max: 12 })).chain(
  ([operations, schemas]) => {
    const names = array(nat(schemas - 1), { maxLength: 3 })
    return tuple(
      array(names, { minLength: operations, maxLength: operations }),
      array(names, { minLength: schemas, maxLength: schemas }),
    )
  },
)

describe('a profile in parts', () => {
  test('gives every operation exactly itself and what it reaches, whatever refers to what', () => {
    assert(
      property(GRAPH, integer({ min: 1, max: 3_000 }), ([operations, schemas], max) => {
        const profile = profileOf(operations, schemas)
        for (const key of Object.keys(profile.operations)) {
          const own = operationProfile(partsFor(profile, key, max), key)
          if (!own.ok) throw new Error(own.error.reason)
          expect(own.value.operations).toEqual({ [key]: profile.operations[key] })
          expect(new Set(Object.keys(own.value.schemas))).toEqual(reached(profile, key))
          for (const [name, schema] of Object.entries(own.value.schemas)) {
            expect(schema).toEqual(profile.schemas[name])
          }
        }
      }),
    )
  })

  test('names no part that it does not need', () => {
    assert(
      property(GRAPH, ([operations, schemas]) => {
        const profile = profileOf(operations, schemas)
        // Every piece is a part of its own.
        for (const key of Object.keys(profile.operations)) {
          expect(partsFor(profile, key, 1)).toHaveLength(reached(profile, key).size + 1)
        }
      }),
    )
  })

  test('is the same each time, and no part is longer than asked unless it is one piece', () => {
    assert(
      property(GRAPH, integer({ min: 1, max: 3_000 }), ([operations, schemas], max) => {
        const profile = profileOf(operations, schemas)
        const { parts } = splitProfile(profile, { partCharactersMax: max })
        expect(splitProfile(profile, { partCharactersMax: max }).parts).toEqual(parts)
        for (const part of parts) {
          const pieces = Object.keys(part.operations).length + Object.keys(part.schemas).length
          if (pieces > 1) expect(JSON.stringify(part).length).toBeLessThanOrEqual(max)
        }
      }),
    )
  })

  test.each([
    { name: 'below', more: 1, parts: 1 },
    { name: 'at', more: 0, parts: 1 },
    { name: 'above', more: -1, parts: 2 },
  ])('that is $name the length of one part has $parts', ({ more, parts }) => {
    const profile = profileOf([[], []], [])
    // Room for the comma after the last piece is always kept.
    const partCharactersMax = JSON.stringify(profile).length + 1 + more
    expect(splitProfile(profile, { partCharactersMax }).parts).toHaveLength(parts)
  })

  test('keeps a schema of one operation beside it, and leaves out what nobody reaches', () => {
    const profile = profileOf([[0], [1]], [[], [], []])
    const { parts } = splitProfile(profile, { partCharactersMax: 250 })
    expect(parts.map(({ schemas }) => Object.keys(schemas))).toEqual([['S0'], ['S1']])
  })

  test('takes names such as __proto__ for names', () => {
    const text =
      '{"operations":{"GET /":{"path_variables":[],"parameters":[],"body":{"required":true,"content":{"a/b":{"$ref":"#/$defs/__proto__"}}}}},"schemas":{"__proto__":{"type":"object"}}}'
    const profile = JSON.parse(text) as SchemaProfile
    const own = operationProfile(partsFor(profile, 'GET /', 10), 'GET /')
    expect(own.ok && JSON.stringify(own.value)).toBe(text)
  })

  test('takes a reference of another kind for one to every schema', () => {
    const profile = {
      operations: { 'GET /': operationWith({ $dynamicRef: '#node' }) },
      schemas: { A: { $dynamicAnchor: 'node' }, B: true },
    }
    expect(operationProfile(partsFor(profile, 'GET /', 1), 'GET /')).toEqual({
      ok: true,
      value: profile,
    })
  })

  test('does not end in a stack that is too deep for a chain of 20,000 schemas', () => {
    const chain = Array.from({ length: 20_000 }, (_, number) => [(number + 1) % 20_000])
    const profile = profileOf([[0]], chain)
    expect(partsFor(profile, 'GET /0', 64_000).length).toBeGreaterThan(10)
  })
})

describe('the profile of one operation', () => {
  const profile = profileOf([[0]], [[1], []])
  const [whole = profile] = splitProfile(profile, { partCharactersMax: 10_000 }).parts

  test('refuses when the operation is not there', () => {
    expect(operationProfile([whole], 'GET /other')).toEqual({
      ok: false,
      error: { reason: 'operation_missing', name: 'GET /other' },
    })
  })

  test('refuses when a schema is not there: it would hold for everything', () => {
    const { S1: _gone, ...schemas } = whole.schemas
    expect(operationProfile([{ ...whole, schemas }], 'GET /0')).toEqual({
      ok: false,
      error: { reason: 'schema_missing', name: 'S1' },
    })
  })
})

const LARGEST = [
  'mist.com__main__2502.1.20',
  'plaid.com__main__2020-09-14_1.631.0',
  'discord.com__main__10',
]

describe.skipIf(!hasTestdata('openapi-specs'))(
  'large real documents (skipped without the testdata beside the repository)',
  () => {
    test.each(LARGEST)('%s: every operation is whole, and reads little', (name) => {
      const document = readDocument(readTestdata(`openapi-specs/${name}.json.gz`))
      if (!document.ok) throw new Error('not a document')
      const { profile } = compileProfile(document.value)
      const { parts, partNumbers } = splitProfile(profile, { partCharactersMax: 64_000 })
      for (const [key, numbers] of Object.entries(partNumbers)) {
        const own = operationProfile(
          numbers.flatMap((number) => parts[number] ?? []),
          key,
        )
        expect(own.ok && new Set(Object.keys(own.value.schemas))).toEqual(reached(profile, key))
        expect(numbers.length).toBeLessThanOrEqual(5)
      }
    })
  },
)
