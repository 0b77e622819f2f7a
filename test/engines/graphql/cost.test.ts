/** Costs are those of the cost directives specification as Apollo counts them, and never less than what may run. */
import { compileCostSchema, type CostSchema, createGraphqlMeasurer } from '#engines/graphql'
import { describe, expect, test } from 'vitest'

const SDL = `
"What the tests ask." schema { query: Query mutation: Mutation }
directive @cost(weight: String!) repeatable on FIELD_DEFINITION | ARGUMENT_DEFINITION
type Query {
  book(id: ID): Book
  books(first: Int = 5, last: Int): [Book!]! @listSize(slicingArguments: ["first", "last"])
  assumed: [Book] @listSize(assumedSize: 7)
  plain: [[Book!]]!
  names: [String!] @listSize(assumedSize: 50)
  page(limit: Int): Page @listSize(slicingArguments: ["limit"], sizedFields: ["items", "ids"])
  search(by: Filter, deep: Boolean @cost(weight: "4")): Result
  heavy: Int @cost(weight: "2.5")
}
extend type Query { late: Author }
type Mutation { save(title: String!): Book }
interface Node { id: ID! }
type Book implements Node & Thing @key(fields: "id", nested: {a: [1, true]}) { id: ID! title: String author: Author }
type Author @cost(weight: 3) { name: Money books: [Book] }
type Page { items: [Book] ids: [ID] more: [Book] }
scalar Money @cost(weight: "0.5")
enum Kind { A @deprecated B }
union Result = | Book | Author
input Filter { text: String = "a", kinds: [Kind!] = [A] }
`

const compiled = compileCostSchema(SDL)
if (!compiled.ok) throw new Error(compiled.error.message)
const schema = compiled.value
const measurer = createGraphqlMeasurer()

function costOf(query: string, variables: object = {}, by: CostSchema = schema) {
  const body = new TextEncoder().encode(JSON.stringify({ query, variables }))
  return measurer.measure(
    { method: 'POST', contentType: 'application/json', query: '', body },
    { schema: by },
  ).query_cost
}

test.each([
  ['a leaf weighs nothing', '{heavy:__typename}', 0],
  ['an object weighs one', '{book{id title}}', 1],
  ['a field weighs what it says', '{heavy}', 2.5],
  ['a type weighs what it says', '{late{name}}', 3.5],
  ['a mutation costs by itself', 'mutation{save(title:"x"){id}}', 11],
  ['arguments that weigh', '{search(by:{text:"x"},deep:true){... on Book{id}}}', 6],
  ['a list of assumed size', '{assumed{id author{name}}}', 31.5],
  ['a list that nothing sizes', '{plain{id}}', 10],
  ['a list of leaves', '{names}', 0],
  ['a slicing argument', '{books(first:20){id}}', 20],
  ['the greater of two slicing arguments', '{books(first:20 last:30){id}}', 30],
  ['a default of the schema', '{books{id}}', 5],
  ['a negative length', '{books(first:-9){id}}', 0],
  ['a size for lists of the selection set', '{page(limit:4){items{id} ids more{id}}}', 15],
  [
    'the same through a fragment',
    '{page(limit:4){...P}} fragment P on Page{items{id} ...on Page{more{id}}}',
    15,
  ],
  ['lists in lists', '{books(first:10){author{books{id}}}}', 140],
  [
    'fragments, each time they are used',
    '{a:book{...B} b:book{...B}} fragment B on Book{author{name}}',
    9,
  ],
  ['fields that the schema does not know', '{unknown{unknown{a}}}', 2],
  ['a fragment that is not there', '{...gone}', 0],
])('%s: %s', (_name, query, cost) => {
  expect(costOf(query)).toBe(cost)
})

describe('variables say how long lists are', () => {
  test.each([
    ['as sent', { n: 40 }, 40],
    ['by their default', {}, 15],
    ['not at all, when they are no numbers: the default of the schema', { n: '40' }, 5],
    ['not at all, when they are null', { n: null }, 5],
  ])('%s', (_name, variables, cost) => {
    expect(costOf('query("What" $n:Int=15@a){books(first:$n){id}}', variables)).toBe(cost)
  })
})

describe('a list of endless length', () => {
  const endless = '{"query":"query($n:Int){page(limit:$n){ids}}","variables":{"n":1e999}}'

  test.each([
    ['of what weighs nothing', endless, 1],
    ['of what weighs something', endless.replace('ids', 'items{id}'), 2 ** 52],
    ['hides nothing else of a batch', `[${endless},{"query":"{books(first:20){id}}"}]`, 21],
  ])('%s', (_name, text, cost) => {
    const body = new TextEncoder().encode(text)
    const request = { method: 'POST', contentType: 'application/json', query: '', body }
    expect(measurer.measure(request, { schema }).query_cost).toBe(cost)
  })
})

test.each([
  ['a fragment in itself', '{...F} fragment F on Query{book{id} ...F}'],
  ['more depth than is walked', `${'{late'.repeat(200)}{a}${'}'.repeat(200)}`],
  ['lists that outgrow all numbers', `${'{books(first:1000000000)'.repeat(9)}{id}${'}'.repeat(9)}`],
])('%s costs the most there is', (name, query) => {
  const cost = costOf(query)
  if (name.startsWith('lists')) expect(cost).toBeLessThanOrEqual(2 ** 52)
  else expect(cost).toBe(2 ** 52)
})

test('a bomb is walked once a fragment', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on Query{...F${n + 1} ...F${n + 1}}`,
  )
  expect(costOf(`{...F0}${fragments.join('')}fragment F60 on Query{book{id}}`)).toBe(2 ** 52)
})

test('a bomb of spreads under a field that sizes lists is given up', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on Page{...F${n + 1} ...F${n + 1}}`,
  )
  const query = `{page(limit:2){...F0}}${fragments.join('')}fragment F60 on Page{ids}`
  expect(costOf(query)).toBe(2 ** 52)
})

test('the sum of a batch, and nothing without a schema', () => {
  const body = new TextEncoder().encode('[{"query":"{book{id}}"},{"query":"{books{id}}"}]')
  const request = { method: 'POST', contentType: 'application/json', query: '', body }
  expect(measurer.measure(request, { schema }).query_cost).toBe(6)
  expect(measurer.measure(request).query_cost).toBeNull()
})

test.each([
  ['type Query { a: }', 1, 17],
  ['type Query {\n  a Int\n}', 2, 5],
  ['type Query { a: [Int }', 1, 22],
  ['query { a }', 1, 1],
  ['type Query { a: Int ~ }', 1, 21],
  ['type Query { a: Int', 1, 20],
  ['type Query {\n a: Int @cost(weight: "x") }', 2, 2],
  ['type Query { a: Int @listSize(assumedSize: -1) }', 1, 14],
  ['type Query { a: Int @listSize(slicingArguments: ["b"]) }', 1, 14],
  ['type Query { a: Int @listSize(slicingArguments: [1]) }', 1, 14],
  [`type Query { a: Int @b(c: ${'['.repeat(40)}`, 1, 60],
])('a schema that is refused with its place: %s', (sdl, line, column) => {
  expect(compileCostSchema(sdl)).toMatchObject({ ok: false, error: { line, column } })
})
