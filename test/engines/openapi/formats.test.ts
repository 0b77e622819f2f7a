import { describe, expect, test } from 'vitest'
import { formatNamed } from '../../../engines/openapi/formats.ts'

function holds(name: string, value: string | number): boolean {
  const format = formatNamed(name)
  if (format?.type === 'number') return typeof value !== 'number' || format.test(value)
  return typeof value !== 'string' || (format?.test(value) ?? true)
}

test.each([
  [
    'date-time',
    [
      '2020-02-29T00:00:00Z',
      '2020-02-28t23:59:59.123z',
      '2020-01-01T00:00:00+14:00',
      '1998-12-31T15:59:60-08:00',
    ],
    [
      '2020-02-30T00:00:00Z',
      '2021-02-29T00:00:00Z',
      '2020-01-01T00:00:00',
      '2020-01-01 00:00:00Z',
      '2020-01-01T24:00:00Z',
      '2020-01-01T00:00:00+24:00',
      '2020-01-01T00:00:60Z',
      '2020-1-1T00:00:00Z',
      '',
      'T',
    ],
  ],
  [
    'date',
    ['2000-02-29', '2024-12-31'],
    ['1900-02-29', '2024-04-31', '2024-13-01', '2024-00-01', '24-01-01'],
  ],
  [
    'time',
    ['00:00:00Z', '23:59:60Z', '12:00:00.5+01:30'],
    ['12:00:00', '24:00:00Z', '12:60:00Z', '12:00Z'],
  ],
  ['email', ['a@example.com'], ['a', '@a', 'a@']],
  ['hostname', ['a.example', 'a-b'], ['-a', 'a..b', 'a_b']],
  [
    'ipv4',
    ['0.0.0.0', '255.255.255.255'],
    ['256.0.0.1', '1.2.3', '01.2.3.4', '1.2.3.4.', '1.2.3.4.5'],
  ],
  [
    'ipv6',
    ['::', '::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4'],
    ['1', ':::', '1:2:3:4:5:6:7:8:9', '::g', '[::1]'],
  ],
  ['uri', ['https://example.com/a?b#c', 'urn:a:b'], ['/a', 'a b:c', 'https://é.example/']],
  ['uri-reference', ['/a', '#a', 'https://a.b'], ['\\a', 'a b']],
  ['iri', ['https://é.example/ü'], ['/é', '\ud800:a']],
  ['iri-reference', ['/é'], ['\\é']],
  [
    'uuid',
    ['123e4567-e89b-12d3-a456-426614174000'],
    ['123e4567', '123e4567-e89b-12d3-a456-42661417400g'],
  ],
  ['byte', ['', 'YQ==', 'YWI=', 'YWJj'], ['Y', 'YQ', 'YQ=', 'YWJj\n', 'Y-_=']],
  ['int32', [-2147483648, 2147483647, 'text'], [-2147483649, 2147483648, 1.5]],
  ['int64', [-(2 ** 63), 2 ** 53], [2 ** 63, 0.5, Number.POSITIVE_INFINITY]],
  ['uint64', [0, 2 ** 63], [-1, 2 ** 64, 0.5]],
  ['float', [3.4e38, -3.4e38, 0.1], [3.5e38]],
  ['double', [1e308], [Number.POSITIVE_INFINITY]],
  ['password', ['anything'], []],
  ['constructor', ['names of Object.prototype are no formats'], []],
])('%s', (name, valid, invalid) => {
  for (const value of valid) expect(holds(name, value), String(value)).toBe(true)
  for (const value of invalid) expect(holds(name, value), String(value)).toBe(false)
})

describe('the work is linear in the text, whatever it is', () => {
  const names =
    'byte date time date-time duration ipv4 ipv6 hostname idn-hostname email idn-email uri uri-reference iri iri-reference uri-template uuid json-pointer relative-json-pointer regex'.split(
      ' ',
    )
  const units = [
    'a',
    '1',
    '.',
    ':',
    '-',
    '/',
    '%41',
    '{a}',
    '{a,',
    'xn--',
    'é',
    'א',
    '\\',
    '"',
    '@',
    '(',
  ]
  const texts = units.flatMap((unit) => [unit.repeat(4096), `a@${unit.repeat(4094)}!`])

  test.each(names)('%s', (name) => {
    for (const text of texts) holds(name, text)
    const started = performance.now()
    for (const text of texts) holds(name, text)
    // About a microsecond a character and more, on a machine that is busy.
    expect(performance.now() - started).toBeLessThan(500)
  })
})
