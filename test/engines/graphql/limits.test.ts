/** Each bound below, at and above it; and hostile bodies of any size cost next to nothing. */
import {
  createGraphqlMeasurer,
  type GraphqlLimits,
  graphqlLimits,
  type GraphqlReason,
} from '#engines/graphql'
import { describe, expect, test } from 'vitest'

type Row = readonly [keyof GraphqlLimits, number, GraphqlReason, (count: number) => string]

const inJson = (query: string) => JSON.stringify({ query })
const list = (count: number, item: (place: number) => string) =>
  Array.from({ length: count }, (_, place) => item(place)).join(' ')

const BOUNDS: readonly Row[] = [
  ['bodyBytesMax', 100, 'body_too_large', (count) => `{"query":"{a}"}${' '.repeat(count - 15)}`],
  [
    'variablesBytesMax',
    50,
    'variables_too_large',
    (count) => `{"variables":"${'x'.repeat(count - 2)}","query":"{a}"}`,
  ],
  [
    'jsonDepthMax',
    5,
    'json_too_deep',
    (count) => `{"a":${'['.repeat(count)}${']'.repeat(count)},"query":"{a}"}`,
  ],
  [
    'jsonValuesMax',
    9,
    'too_many_json_values',
    (count) =>
      `{"query":"{a}","a":[${Array(count - 2)
        .fill('1')
        .join(',')}]}`,
  ],
  [
    'batchMax',
    4,
    'batch_too_large',
    (count) => `[${Array(count).fill('{"query":"{a}"}').join(',')}]`,
  ],
  ['tokensMax', 12, 'too_many_tokens', (count) => inJson(`{${list(count - 2, () => 'a')}}`)],
  ['fieldsMax', 7, 'too_many_fields', (count) => inJson(`{${list(count, () => 'a')}}`)],
  ['aliasesMax', 7, 'too_many_aliases', (count) => inJson(`{${list(count, () => 'a:b')}}`)],
  ['directivesMax', 7, 'too_many_directives', (count) => inJson(`{a ${list(count, () => '@a')}}`)],
  ['argumentsMax', 7, 'too_many_arguments', (count) => inJson(`{a(${list(count, () => 'a:1')})}`)],
  [
    'nestingMax',
    7,
    'nesting_too_deep',
    (count) => inJson(`${'{a'.repeat(count)}${'}'.repeat(count)}`),
  ],
  [
    'nestingMax',
    7,
    'nesting_too_deep',
    (count) => inJson(`{a(b:${'['.repeat(count)}${']'.repeat(count)})}`),
  ],
  [
    'nestingMax',
    7,
    'nesting_too_deep',
    (count) => inJson(`query($a:${'['.repeat(count)}T${']'.repeat(count)}){a}`),
  ],
  ['operationsMax', 4, 'too_many_operations', (count) => inJson(list(count, () => '{a}'))],
  [
    'fragmentsMax',
    4,
    'too_many_fragments',
    (count) => inJson(list(count, (n) => `fragment F${n} on Q{a}`)),
  ],
  ['spreadsMax', 4, 'too_many_spreads', (count) => inJson(`{${list(count, (n) => `...F${n}`)}}`)],
  [
    'stepsMax',
    9,
    'too_many_steps',
    (count) => `{"query":"{a}#${'\\u0061'.repeat((count - 3) / 2)}"}`,
  ],
]

describe.each(BOUNDS)('%s of %i', (name, max, reason, bodyOf) => {
  const measurer = createGraphqlMeasurer({ ...graphqlLimits, [name]: max })
  const measure = (count: number) => {
    const body = new TextEncoder().encode(bodyOf(count))
    return measurer.measure({ method: 'POST', contentType: 'application/json', query: '', body })
  }
  const stride = name === 'stepsMax' ? 2 : 1
  test.each([
    ['below', -stride, null],
    ['at', 0, null],
    ['above', stride, reason],
  ])('%s', (_name, more, expected) => {
    expect(measure(max + more).reason).toBe(expected)
  })
})

// How fast they are refused is what `npm run bench -- graphql` tells.
describe('hostile bodies at the default limits', () => {
  const measurer = createGraphqlMeasurer()
  const within = graphqlLimits.bodyBytesMax - 100
  const filled = (piece: string) => piece.repeat(Math.floor(within / piece.length))
  const ROWS: readonly (readonly [string, string, GraphqlReason])[] = [
    ['a megabyte of braces', inJson('{'.repeat(1e6)), 'body_too_large'],
    ['braces', inJson(filled('{')), 'unexpected_token'],
    ['nested fields', inJson(filled('{a')), 'nesting_too_deep'],
    ['a flat list', inJson(`{a(b:[${filled('1,')}])}`), 'too_many_tokens'],
    [
      '100,000 aliases',
      inJson(`{${list(100_000, () => 'a:b').slice(0, within)}`),
      'too_many_aliases',
    ],
    ['10,000 directives', inJson(`{a ${list(10_000, () => '@a')}}`), 'too_many_directives'],
    [
      '8,000 spreads over 500 fragments',
      inJson(
        `{${list(8000, (n) => `...F${n % 500}`)}}${list(500, (n) => `fragment F${n} on Q{a}`)}`,
      ),
      'too_many_spreads',
    ],
    [
      'a batch of 10,000',
      `[${Array(10_000).fill('{"query":"{a}"}').join(',')}]`,
      'batch_too_large',
    ],
    ['deep variables', `{"variables":${filled('[')}`, 'json_too_deep'],
    ['large variables', `{"variables":"${filled('x')}","query":"{a}"}`, 'variables_too_large'],
    ['comments', inJson(`${filled('#\n').slice(0, within / 2)}{a}`), 'too_many_steps'],
    ['escapes', `{"query":"{a(b:\\"${filled('\\u0061')}\\")}"}`, 'too_many_steps'],
    ['a string without end', inJson(`{a(b:"${filled('x')}`), 'unterminated_string'],
  ]

  test('thousands of lines are no steps', () => {
    for (const contentType of ['application/graphql', 'application/json']) {
      const text = `{a${'\r\n\t'.repeat(30_000)}}`
      const body = new TextEncoder().encode(
        contentType === 'application/json' ? inJson(text) : text,
      )
      expect(measurer.measure({ method: 'POST', contentType, query: '', body }).query_size).toBe(1)
    }
  })

  test('thousands of strings are no steps', () => {
    const text = `{a(b:[${list(15_000, () => '"c"')}])}`
    for (const contentType of ['application/graphql', 'application/json']) {
      const isJson = contentType === 'application/json'
      const body = new TextEncoder().encode(isJson ? inJson(text) : text)
      const request = { method: 'POST', contentType, query: '', body }
      expect(measurer.measure(request)).toMatchObject({ reason: null, query_size: 1 })
    }
  })

  test.each(ROWS)('%s', (_name, text, reason) => {
    const body = new TextEncoder().encode(text)
    const request = { method: 'POST', contentType: 'application/json', query: '', body }
    expect(measurer.measure(request)).toMatchObject({ parsed_successfully: false, reason })
  })
})
