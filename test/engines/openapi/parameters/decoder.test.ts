import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasTestdata, readRows } from '../testdata.ts'
import {
  ABSENT,
  accepted,
  type CaseParameter,
  type CaseRequest,
  decode,
  REFUSED,
} from './decode-cases.ts'

const VECTORS = join(import.meta.dirname, '../../../vectors/param-serialization')

type Row = CaseRequest & {
  readonly group: string
  readonly name: string
  readonly parameter: CaseParameter
  readonly expect: 'value' | 'error'
  readonly value?: unknown
  readonly found?: boolean
}

function requestOf({ path, query, header, cookie }: Row): CaseRequest {
  const name = /^[^:]*:/
  return {
    // The cases of the path stand behind `/test`.
    ...(path === undefined ? {} : { path: path.slice(1) }),
    ...(query === undefined ? {} : { query }),
    ...(header === undefined ? {} : { header: header.replace(name, '') }),
    ...(cookie === undefined ? {} : { cookie: cookie.replace(':', '=') }),
  }
}

function outcome(row: Row): unknown {
  return accepted(row.parameter, requestOf(row))
}

function expected(row: Row): unknown {
  if (row.expect === 'error') return REFUSED
  return row.found === false ? ABSENT : row.value
}

describe('kin-openapi reads the same', () => {
  const text = readFileSync(join(VECTORS, 'decode-cases.jsonl'), 'utf8')
  const rows = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

  test.each(rows)('$group, $name', (row) => {
    expect(outcome(row)).toEqual(expected(row))
  })

  test.skipIf(!hasTestdata('param-serialization'))(
    'all cases (skipped without the testdata beside the repository)',
    () => {
      const all = readRows('param-serialization/decode-cases.jsonl') as readonly Row[]
      const wrong = all.filter((row) => {
        const same = JSON.stringify(sorted(outcome(row))) === JSON.stringify(sorted(expected(row)))
        return !same
      })
      expect(wrong.map((row) => [row.group, row.name, outcome(row)])).toEqual([])
    },
  )
})

/** Members in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]))
}

type StyleRow = {
  readonly style: NonNullable<CaseParameter['style']>
  readonly explode: boolean
  readonly type: 'undefined' | 'string' | 'array' | 'object'
  readonly value: unknown
  readonly serialized: string | null
}

describe('the style table of the specification, backwards', () => {
  const table = JSON.parse(
    readFileSync(join(VECTORS, 'oas-style-table.json'), 'utf8'),
  ) as readonly StyleRow[]

  const schemas = {
    undefined: { type: 'string' },
    string: { type: 'string' },
    array: { type: 'array', items: { type: 'string' } },
    object: {
      type: 'object',
      properties: { R: { type: 'integer' }, G: { type: 'integer' }, B: { type: 'integer' } },
      required: ['R', 'G', 'B'],
    },
  }

  const defined = table.filter(({ serialized }) => serialized !== null)

  test.each(defined)('$style explode=$explode of $type', (row) => {
    const { style, explode, serialized } = row
    const location = ['matrix', 'label', 'simple'].includes(style) ? 'path' : 'query'
    const request =
      location === 'path'
        ? { path: serialized ?? '' }
        : { query: (serialized ?? '').replace('?', '') }
    const schema = schemas[row.type]
    const parameter: CaseParameter = { name: 'color', in: location, style, explode, schema }
    expect(accepted(parameter, request)).toEqual(row.value ?? '')
  })
})

const list = { type: 'array', items: { type: 'string' } }
const integers = { type: 'array', items: { type: 'integer' } }
const object = { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'string' } } }

describe('delimiters that are escaped are data', () => {
  test.each([
    { in: 'query', style: 'form', raw: 'p=a%2Cb,c', value: ['a,b', 'c'] },
    { in: 'query', style: 'pipeDelimited', raw: 'p=a%2Cb|c', value: ['a,b', 'c'] },
    { in: 'query', style: 'spaceDelimited', raw: 'p=a+b%20c', value: ['a', 'b', 'c'] },
    { in: 'path', style: 'simple', raw: 'a%2Cb,c', value: ['a,b', 'c'] },
    { in: 'path', style: 'label', raw: '.a%2Eb,c', value: ['a.b', 'c'] },
    { in: 'path', style: 'matrix', raw: ';p=a%3Bb,c', value: ['a;b', 'c'] },
    { in: 'path', style: 'simple', raw: 'a%2Fb', value: ['a/b'] },
  ] as const)('$in $style $raw', ({ in: location, style, raw, value }) => {
    const parameter: CaseParameter = {
      name: 'p',
      in: location,
      style,
      explode: false,
      schema: list,
    }
    const request = location === 'path' ? { path: raw } : { query: raw }
    expect(accepted(parameter, request)).toEqual(value)
  })

  test('and header fields have no escapes, but white space around commas', () => {
    const parameter: CaseParameter = { name: 'x-p', in: 'header', schema: list }
    expect(accepted(parameter, { header: 'a%2Cb , c' })).toEqual(['a%2Cb', 'c'])
  })
})

describe('what is given more than once', () => {
  test.each([
    { name: 'a text', schema: { type: 'string' }, query: 'p=1&p=2', kind: 'repeated' },
    { name: 'the same text', schema: { type: 'string' }, query: 'p=1&p=1', kind: 'repeated' },
    { name: 'an escaped name', schema: { type: 'string' }, query: 'p=1&%70=2', kind: 'repeated' },
    { name: 'a member', schema: object, query: 'a=1&a=2', kind: 'repeated' },
    { name: 'a list', schema: integers, query: 'p=1&p=2', kind: 'values' },
  ])('$name is $kind', ({ schema, query, kind }) => {
    expect(decode({ name: 'p', in: 'query', schema }, { query }).kind).toBe(kind)
  })

  test.each([
    { style: 'deepObject', query: 'p[a]=1&p[a]=2' },
    { style: 'deepObject', query: 'p[a]=1&p[a][b]=2' },
    { style: 'form', query: 'p=a,1,a,2' },
    { style: 'form', query: 'p=a,1,b' },
  ] as const)('$query cannot be read', ({ style, query }) => {
    const parameter: CaseParameter = {
      name: 'p',
      in: 'query',
      style,
      explode: false,
      schema: object,
    }
    expect(decode(parameter, { query })).toEqual({ kind: 'failed', failure: 'malformed' })
  })
})

describe('escapes that cannot be undone', () => {
  test.each([
    { query: 'p=%zz', failure: 'bad_escape' },
    { query: 'p=%ff', failure: 'not_utf8' },
    { query: 'p=%', failure: 'bad_escape' },
  ])('$query', ({ query, failure }) => {
    const parameter: CaseParameter = { name: 'p', in: 'query', schema: { type: 'string' } }
    expect(decode(parameter, { query })).toEqual({ kind: 'failed', failure })
  })
})

describe('a parameter with content', () => {
  const parameter: CaseParameter = { name: 'p', in: 'query', schema: object, content: true }
  test.each([
    { query: 'p=%7B%22a%22%3A1%7D', value: { a: 1 } },
    { query: 'p={"a":1}', value: { a: 1 } },
    { query: 'p={"a":"1"}', value: REFUSED },
    { query: 'p={"a":1,"a":2}', value: REFUSED },
    { query: 'p={', value: REFUSED },
    { query: 'p=', value: REFUSED },
  ])('$query', ({ query, value }) => {
    expect(accepted(parameter, { query })).toEqual(value)
  })
})

describe('numbers and booleans', () => {
  test.each([
    ['1', 1],
    ['-0.5e3', -500],
    ['1.0', 1],
    ['01', REFUSED],
    ['0x1', REFUSED],
    ['+1', REFUSED],
    ['1.', REFUSED],
    ['Infinity', REFUSED],
    [' 1', REFUSED],
    ['１', REFUSED],
  ])('"%s" as a number', (text, value) => {
    const parameter: CaseParameter = { name: 'p', in: 'header', schema: { type: 'number' } }
    expect(accepted(parameter, { header: text })).toEqual(value)
  })

  test.each([
    ['true', true],
    ['True', REFUSED],
    ['1', REFUSED],
  ])('"%s" as a boolean', (text, value) => {
    const parameter: CaseParameter = { name: 'p', in: 'header', schema: { type: 'boolean' } }
    expect(accepted(parameter, { header: text })).toEqual(value)
  })
})

test('names of members are only names', () => {
  const parameter: CaseParameter = {
    name: 'p',
    in: 'query',
    style: 'deepObject',
    explode: true,
    schema: { type: 'object' },
  }
  const value = accepted(parameter, { query: 'p[__proto__][polluted]=1&p[constructor]=2' })
  expect(Object.keys(Object(value))).toEqual(['__proto__', 'constructor'])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

describe('levels of brackets', () => {
  const parameter: CaseParameter = {
    name: 'p',
    in: 'query',
    style: 'deepObject',
    explode: true,
    schema: { type: 'object' },
  }
  const key = (levels: number): string => `p${'[a]'.repeat(levels)}=1`
  test.each([
    [7, 'values'],
    [8, 'values'],
    [9, 'absent'],
  ])('%i', (levels, kind) => {
    expect(decode(parameter, { query: key(levels) }).kind).toBe(kind)
  })
})

describe('a parameter of several shapes', () => {
  const textOrList = {
    oneOf: [
      { type: 'string', pattern: '^[a-z]+$' },
      { type: 'array', items: { type: 'integer' } },
    ],
  }
  test.each([
    { query: 'p=a', value: 'a' },
    { query: 'p=1', value: [1] },
    { query: 'p=1&p=2', value: [1, 2] },
    { query: 'p=a&p=b', value: REFUSED },
  ])('a text or a list: $query', ({ query, value }) => {
    expect(accepted({ name: 'p', in: 'query', schema: textOrList }, { query })).toEqual(value)
  })

  const numberOrObject = { anyOf: [{ type: 'integer' }, object] }
  test.each([
    { query: 'p=1', value: 1 },
    { query: 'a=1&b=x', value: { a: 1, b: 'x' } },
    { query: 'a=x', value: REFUSED },
    { query: '', value: ABSENT },
  ])('a number or an object: $query', ({ query, value }) => {
    expect(accepted({ name: 'p', in: 'query', schema: numberOrObject }, { query })).toEqual(value)
  })
})

describe('an object inside a list, which no style writes, is read as JSON', () => {
  const parameter: CaseParameter = {
    name: 'p',
    in: 'query',
    schema: { type: 'array', items: object },
  }
  test.each([
    { query: 'p={"a":1}&p=%7B%22b%22%3A%22x%22%7D', value: [{ a: 1 }, { b: 'x' }] },
    { query: 'p={"a":"x"}', value: REFUSED },
    { query: 'p={"a":1,"a":2}', value: REFUSED },
    { query: 'p=a,1', value: REFUSED },
  ])('$query', ({ query, value }) => {
    expect(accepted(parameter, { query })).toEqual(value)
  })

  test('unless a text will do as well', () => {
    const items = { anyOf: [{ type: 'string' }, object] }
    const schema = { type: 'array', items }
    expect(accepted({ name: 'p', in: 'query', schema }, { query: 'p={"a":1}' })).toEqual([
      '{"a":1}',
    ])
  })
})

describe('a list in brackets', () => {
  const schema = {
    type: 'object',
    properties: { tags: { type: 'array', items: { type: 'integer' } } },
  }
  test.each([
    { query: 'p[tags][0]=1&p[tags][1]=2', value: { tags: [1, 2] } },
    { query: 'p[tags][1]=2&p[tags][0]=1', value: { tags: [1, 2] } },
    { query: 'p[tags][]=1&p[tags][]=2', value: { tags: [1, 2] } },
    { query: 'p[tags][]=x', value: REFUSED },
    { query: 'p[tags][1]=1', value: REFUSED },
    { query: 'p[tags]=1', value: REFUSED },
    { query: 'p[tags][0]=1&p[tags][0]=2', value: REFUSED },
  ])('$query', ({ query, value }) => {
    const parameter: CaseParameter = {
      name: 'p',
      in: 'query',
      style: 'deepObject',
      explode: true,
      schema,
    }
    expect(accepted(parameter, { query })).toEqual(value)
  })
})
