/** Sizes and depths are those of a full parser, and are of what really runs. */
import { createGraphqlMeasurer } from '#engines/graphql'
import { describe, expect, test } from 'vitest'
import { describeDocument, describeRequest, readVectors, type VectorRow } from './support.ts'

const ENDLESS = 2 ** 52
const ABSENT = 'shared/testdata/graphql is absent'

describe('documents of public repositories', () => {
  const { own, beside } = readVectors('documents.jsonl')

  test.each(own.map((row) => [row.text.trim().slice(0, 60), row] as const))('%s', (_name, row) => {
    expectFigures(row)
  })

  test('all of the larger set', (context) => {
    context.skip(beside.length === 0, ABSENT)
    for (const row of beside) expectFigures(row)
  })
})

describe('hostile shapes', () => {
  const { own, beside } = readVectors('hostile.jsonl')

  test.each(own.map((row) => [`${row.pattern} ${row.n}`, row] as const))('%s', (_name, row) => {
    expectFigures(row)
  })

  test('all of the larger set', (context) => {
    context.skip(beside.length === 0, ABSENT)
    // What computed these figures gave up at a depth of 100; this chain of 102 fragments ends in one leaf.
    const isCutShort = ({ pattern, n }: VectorRow) => pattern === 'fragment-chain' && n === 101
    for (const row of beside) if (!isCutShort(row)) expectFigures(row)
    const chain = beside.find(isCutShort)
    expect(describeDocument(chain?.text ?? '')).toMatchObject({ query_size: 1, query_depth: 101 })
  })
})

describe('syntax', () => {
  const { own, beside } = readVectors('syntax.jsonl')
  // The draft has descriptions of operations; the parser that judged these documents did not.
  const isDescribed = ({ text }: VectorRow) => text.startsWith('"""\nGet an employee by their ID')

  test.each(own.map((row) => [JSON.stringify(row.text), row] as const))('%s', (_name, row) => {
    expect(describeDocument(row.text).parsed_successfully).toBe(row.valid)
  })

  test('all of the larger set', (context) => {
    context.skip(beside.length === 0, ABSENT)
    for (const row of beside) {
      const isTaken = row.valid === true || isDescribed(row)
      expect(describeDocument(row.text).parsed_successfully, row.text).toBe(isTaken)
    }
  })
})

test.each([
  ['{hero{name}}', 1, 1],
  ['{hero{name friends{name}}}', 2, 2],
  // The worked example of the product's documentation, whose depth counts the root: size 4, depth 3.
  ['{t1 n1(filter:1){t2 n2{t3 t4}}}', 4, 2],
  ['{a}', 1, 0],
  ['{a{...{b ... on T{c}}}}', 2, 1],
  ['{...A} fragment A on Q{a{b{c}}}', 1, 2],
  ['{a{...A ...A}} fragment A on Q{b c{...B}} fragment B on Q{d e}', 6, 2],
  ['{...gone a{...gone}}', 0, 0],
  ['fragment A on Q{a}', 0, 0],
])('size and depth of %s', (text, size, depth) => {
  expect(describeDocument(text)).toMatchObject({
    parsed_successfully: true,
    query_size: size,
    query_depth: depth,
  })
})

test.each([
  ['{a}', 1],
  ['{t1 n1(filter:1){t2 n2{t3 t4}}}', 3],
  ['fragment A on Q{a}', 0],
])('%s is %i deep when the root counts', (query, depth) => {
  const body = new TextEncoder().encode(JSON.stringify({ query }))
  const request = { method: 'POST', contentType: 'application/json', query: '', body }
  const measurement = createGraphqlMeasurer().measure(request, { depthCountsRoot: true })
  expect(measurement).toMatchObject({ query_depth: depth, query_depth_unexpanded: depth })
})

describe('the operation that runs', () => {
  const query = 'query A{a} mutation B{b c{d}} subscription C{e{f}}'
  test.each([
    ['named', 'A', { query_size: 1, query_depth: 0, operation_type: 'query', operation_name: 'A' }],
    ['not named: the largest', undefined, { query_size: 2, query_depth: 1, operation_name: 'B' }],
    ['named by null: the largest', null, { query_size: 2, operation_type: 'mutation' }],
    ['named by a name that nothing has: the largest', 'Z', { query_size: 2, operation_name: 'B' }],
    ['named by what is no text: the largest', 7, { query_size: 2, operation_name: 'B' }],
  ])('%s', (_name, operationName, expected) => {
    for (const members of [
      { operationName, query },
      { query, operationName },
    ]) {
      const description = describeRequest({ body: JSON.stringify(members) })
      expect(description).toMatchObject({ ...expected, operation_count: 3, fields: 6 })
    }
  })

  test('a name that JSON escapes', () => {
    const body = `{"query":"query \\u0041b{a} query C{a b}","operationName":"A\\u0062"}`
    expect(describeRequest({ body })).toMatchObject({ query_size: 1, operation_name: 'Ab' })
  })

  test('of two by one name, which servers refuse: the larger', () => {
    const body = JSON.stringify({
      query: 'query A{a} query A{a b} query B{a b c}',
      operationName: 'A',
    })
    expect(describeRequest({ body }).query_size).toBe(2)
  })

  test('of equal size: the deepest', () => {
    expect(describeDocument('query A{a} query B{a{b}}').operation_name).toBe('B')
  })
})

describe('figures beside size and depth', () => {
  test('as written, and with spreads expanded', () => {
    const text = 'query($v:T=1@v){x:a(b:1,c:2)@d...F...F} fragment F on T{y:e@d f(g:1){h}}'
    expect(describeDocument(text)).toMatchObject({
      fields: 4,
      aliases: 2,
      directives: 3,
      arguments: 3,
      fragments: 1,
      spreads: 2,
      root_fields: 5,
      fields_expanded: 7,
      aliases_expanded: 3,
      directives_expanded: 4,
      query_size: 5,
      query_size_unexpanded: 1,
    })
  })

  test.each([
    ['{__schema{types{name}}}', true],
    ['{a:__type(name:"T"){name}}', true],
    ['{...F} fragment F on Q{__schema{types{name}}}', true],
    ['{a{__typename}}', false],
    ['{__schema:a __types}', false],
    ['{a} fragment F on Q{__schema{types{name}}}', false],
  ])('introspection in %s: %j', (text, introspection) => {
    expect(describeDocument(text).introspection).toBe(introspection)
  })
})

describe('fragments without end', () => {
  test.each([
    ['a cycle', '{...A} fragment A on Q{...B} fragment B on Q{...A x}', ENDLESS, true],
    ['a fragment in itself', '{...A} fragment A on Q{a{...A}}', ENDLESS, true],
    ['a cycle that nothing uses', '{a} fragment A on Q{a{...A}}', 1, false],
    ['a cycle of nothing', '{...A} fragment A on Q{...A}', 0, true],
  ])('%s', (_name, text, size, fragment_cycle) => {
    expect(describeDocument(text)).toMatchObject({ query_size: size, fragment_cycle })
  })

  test('a bomb of 2^100 leaves saturates', () => {
    const fragments = Array.from(
      { length: 100 },
      (_, n) => `fragment F${n} on Q{a{...F${n + 1}}b{...F${n + 1}}}`,
    )
    const text = `{...F0}${fragments.join('')}fragment F100 on Q{x}`
    expect(describeDocument(text)).toMatchObject({
      query_size: ENDLESS,
      query_depth: 100,
      fragment_cycle: false,
    })
  })
})

function expectFigures({ text, tokens, fields, aliases, directives, operations }: VectorRow) {
  for (const contentType of ['application/json', 'application/graphql']) {
    const body = contentType === 'application/json' ? JSON.stringify({ query: text }) : text
    const description = describeRequest({ contentType, body })
    expect(description, text).toMatchObject({
      parsed_successfully: true,
      fields,
      aliases,
      directives,
    })
    if (tokens !== undefined) expect(description.tokens).toBe(tokens)
    const figures = description.operations.slice(0, operations.length)
    // A cycle has no figures there, and the greatest ones here.
    const expected = operations.map((each) =>
      Object.fromEntries(
        Object.entries(each).map(([name, value]) => [
          name,
          value ?? (name === 'name' ? value : ENDLESS),
        ]),
      ),
    )
    expect(figures, text).toMatchObject(expected)
  }
}
