/** A path names one value and reads it as text; everything of RFC 9535 that could name several is refused. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseClaimReference, TOKEN_LIMITS } from '#engines/tokens'
import { compileJsonPath } from '../../../engines/tokens/json-path.ts'

const VALUE = {
  sub: 'a',
  n: 1.5,
  yes: true,
  none: null,
  list: ['x', 'y', ['z']],
  deep: { 'with.dot': { "it's": 1, 'say "hi"': 2, '': 3, '\n': 4, ä: 5, '\\': 6 } },
}

test.each([
  ['$.sub', 'a'],
  ["$['sub']", 'a'],
  ['$["sub"]', 'a'],
  [String.raw`$["s\u0075b"]`, 'a'],
  ['$ [ "sub" ]', 'a'],
  ['$.n', '1.5'],
  ['$.yes', 'true'],
  ['$.none', null],
  ['$.list', null],
  ['$.deep', null],
  ['$', null],
  ['$.list[0]', 'x'],
  ['$.list[-2]', 'y'],
  ['$.list[2][0]', 'z'],
  ['$.list[3]', null],
  ['$.list[-4]', null],
  ['$.list.length', null],
  ['$["list"]["0"]', null],
  ['$.sub[0]', null],
  ['$.constructor', null],
  ['$.__proto__', null],
  [`$.deep["with.dot"]["it's"]`, '1'],
  [String.raw`$.deep['with.dot']['it\'s']`, '1'],
  [`$.deep['with.dot']['say "hi"']`, '2'],
  [String.raw`$.deep["with.dot"]["say \"hi\""]`, '2'],
  [`$.deep['with.dot']['']`, '3'],
  [String.raw`$.deep['with.dot']["\n"]`, '4'],
  ['$.deep["with.dot"].ä', '5'],
  [String.raw`$.deep['with.dot']['\\']`, '6'],
])('%s reads %j', (path, expected) => {
  const compiled = compileJsonPath(path)
  expect(compiled.ok && compiled.value.read(VALUE)).toBe(expected)
})

test.each([
  [''],
  ['sub'],
  ['@.sub'],
  ['$.'],
  ['$..sub'],
  ['$.*'],
  ['$[*]'],
  ['$[0:1]'],
  ['$[0,1]'],
  ['$["a","b"]'],
  ['$[?@.a]'],
  ['$.1a'],
  ['$[01]'],
  ['$[-0]'],
  ['$[1.0]'],
  ['$[99999999999999999999]'],
  ['$["a]'],
  [String.raw`$["\x"]`],
  ['$["\n"]'],
  ['$.a b'],
  ['$.a '],
  ['$[]'],
])('%j is refused', (path) => {
  expect(compileJsonPath(path).ok).toBe(false)
})

describe('bounds', () => {
  const { pathCharactersMax, pathStepsMax } = TOKEN_LIMITS
  test.each([
    ['length at', `$.${'a'.repeat(pathCharactersMax - 2)}`, true],
    ['length above', `$.${'a'.repeat(pathCharactersMax - 1)}`, false],
    ['steps at', `$${'[0]'.repeat(pathStepsMax)}`, true],
    ['steps above', `$${'[0]'.repeat(pathStepsMax + 1)}`, false],
  ])('%s', (_name, path, isTaken) => {
    expect(compileJsonPath(path).ok).toBe(isTaken)
  })
})

test('any name can be written in double quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (name) => {
      const compiled = compileJsonPath(`$[${JSON.stringify(name)}]`)
      const object: unknown = JSON.parse(`{${JSON.stringify(name)}:"found"}`)
      return compiled.ok && compiled.value.read(object) === 'found'
    }),
  )
})

const ID = '51231d16-01f1-48e3-93f8-91c99e81288e'

test.each([
  [`${ID}:$.sub`, true],
  [`${ID.toUpperCase()}:$.sub`, true],
  [`${ID}:$["a:b"]`, true],
  [`${ID}$.sub`, false],
  [`${ID}:`, false],
  [`x${ID}:$.sub`, false],
  ['$.sub', false],
  ['', false],
])('claim reference %s: %s', (text, isTaken) => {
  const parsed = parseClaimReference(text)
  expect(parsed.ok).toBe(isTaken)
  if (parsed.ok) expect(parsed.value.configurationId).toBe(ID)
})
