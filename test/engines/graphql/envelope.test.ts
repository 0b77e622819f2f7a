/** JSON to the letter: what `JSON.parse` refuses is refused, members come in any order, and none of ours comes twice. */
import { describe, expect, test } from 'vitest'
import { createRandom, damage } from './generator.ts'
import { describeRequest } from './support.ts'

const HASH = 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38'

describe('members', () => {
  test.each([
    [
      'in any order',
      '{"variables":{"a":[1,{"b":null}]},"operationName":null,"extensions":{},"query":"{a b}"}',
    ],
    ['of names that JSON escapes', '{"qu\\u0065ry":"{a b}"}'],
    [
      'beside others of any kind',
      '{"id":1,"a":[],"b":{},"c":[-1.5e+3,0,true,false,null,"\\u00e9\\n"],"query":"{a b}"}',
    ],
    ['inside of others', '{"a":{"query":1,"query":2},"query":"{a b}"}'],
    ['with white space', ' {\r\n\t"query" : "{a b}" } \n'],
    ['whose document JSON escapes', '{"query":"\\u007b\\u0061 \\u0062\\u007D"}'],
    ['half a surrogate pair beside the document', '{"a":"\\ud800","query":"{a b}"}'],
  ])('%s', (_name, body) => {
    expect(describeRequest({ body })).toMatchObject({
      parsed_successfully: true,
      query_size: 2,
      fields: 2,
    })
  })

  test.each([
    ['duplicate_member', '{"query":"{a}","query":"{b{c}}"}', 16],
    ['duplicate_member', '{"query":"{a}","qu\\u0065ry":"{b}"}', 16],
    ['duplicate_member', '{"query":"{a}","variables":{},"variables":{}}', 31],
    ['duplicate_member', '{"extensions":{"persistedQuery":{},"persistedQuery":{}}}', 36],
    ['query_not_text', '{"query":{"a":1}}', 9],
    ['query_not_text', '{"query":7}', 9],
    ['query_not_text', '{"query":["{a}"]}', 9],
    ['query_missing', '{"query":null}', 0],
    ['query_missing', '{}', 0],
    ['query_missing', '[{"query":"{a}"},{}]', 17],
    ['batch_empty', '[]', 1],
    ['request_not_object', '"{a}"', 0],
    ['request_not_object', '[{"query":"{a}"},[]]', 17],
    ['invalid_json', '{"query":"{a}"', 14],
    ['invalid_json', '{"query":"{a}"}}', 15],
    ['invalid_json', '{"query":"{a}",}', 15],
    ['invalid_json', '{"query":"{a}","a":01}', 19],
    ['invalid_json', '{"query":"{a}\n"}', 13],
    ['invalid_json', '{"query":"{a\\x}"}', 12],
    ['invalid_json', '{"query":"{a}', 13],
    ['invalid_json', '{"query":"{a}\u0000"}', 13],
    ['unexpected_end', '{"query":"{a"}', 12],
    ['unexpected_character', '{"query":"{a\\u0000}"}', 12],
    ['unexpected_character', '{"query":"{é}"}', 11],
    ['unterminated_string', '{"query":"{a(b:\\"c)}"}', 20],
    ['lone_surrogate', '{"query":"{a(b:\\"\\ud800\\")}"}', 17],
    ['lone_surrogate', '{"query":"{a}#\\udc00"}', 14],
    ['variable_in_constant', '{"query":"query($a:T=$b){a}"}', 21],
  ])('%s: %s', (reason, body, offset) => {
    expect(describeRequest({ body })).toMatchObject({ parsed_successfully: false, reason, offset })
  })
})

describe('registered documents', () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: HASH.toUpperCase() } }
  test.each([
    ['a hash alone', { extensions }, 0],
    ['a hash and null', { query: null, extensions }, 0],
    ['a hash and its document', { query: '{a}', extensions }, 1],
  ])('%s', (_name, members, size) => {
    const expected = {
      parsed_successfully: true,
      persisted_query_hashes: [HASH],
      query_size: size,
      document_count: size,
    }
    expect(describeRequest({ body: JSON.stringify(members) })).toMatchObject(expected)
    const query = new URLSearchParams({ extensions: JSON.stringify(members.extensions) })
    if (size > 0) query.set('query', '{a}')
    expect(describeRequest({ method: 'GET', query: query.toString() })).toMatchObject(expected)
  })

  test('a hash that is no text is none', () => {
    const body = '{"query":"{a}","extensions":{"persistedQuery":{"sha256Hash":1}}}'
    expect(describeRequest({ body }).persisted_query_hashes).toEqual([])
  })
})

test('a batch: the sum of the sizes, the greatest depth, and how many', () => {
  const body = JSON.stringify([
    { query: '{a{b}}' },
    { query: 'mutation M{a b c}' },
    { query: '{...F} fragment F on Q{x{y{z}}}' },
  ])
  expect(describeRequest({ body })).toMatchObject({
    batch_size: 3,
    query_size: 5,
    query_size_max: 3,
    query_depth: 2,
    fields: 8,
    operation_count: 3,
    operation_type: 'mutation',
    operation_name: 'M',
  })
})

test('fragments of one request of a batch are not those of the next', () => {
  const body = JSON.stringify([{ query: '{...F} fragment F on Q{a b}' }, { query: '{...F}' }])
  expect(describeRequest({ body }).query_size).toBe(2)
})

test('what JSON.parse refuses is refused, and what it takes is not called invalid', () => {
  const random = createRandom(3)
  const whole =
    '{"variables":{"a":[1,-2.5e3,{"b":"c\\n\\u00e9"},true,null]},"query":"{a}","x":[[]]}'
  for (let turn = 0; turn < 5000; turn++) {
    const body = damage(whole, random)
    let isJson = true
    try {
      JSON.parse(body)
    } catch {
      isJson = false
    }
    const { parsed_successfully: isTaken, reason } = describeRequest({ body })
    if (isJson) expect(reason, body).not.toBe('invalid_json')
    else expect(isTaken, body).toBe(false)
  }
})
