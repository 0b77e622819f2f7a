import { expect, test } from 'vitest'
import { requiredText } from '../../../../../engines/expressions/values/regex/literal.ts'
import { parseRegex } from '../../../../../engines/expressions/values/regex/parser.ts'
import { simplify } from '../../../../../engines/expressions/values/regex/simplify.ts'

test.each([
  ['.*b.*', 'b'],
  ['(.*)(b)(.*)', 'b'],
  ['a+b{2,}', 'a{1}b{2}'],
  ['(?:a*|b)*c', 'c'],
  // What asks for its place stays, and so does what stands inside of an anchor.
  ['(?:^|/)*a', '(?:^|/)*a'],
  ['^.*b', '^.*b'],
  ['b.*$', 'b.*$'],
])('%s is found where %s is', (pattern, same) => {
  expect(simplify(parse(pattern))).toEqual(simplify(parse(same)))
})

test.each([
  ['^.*/wp-login.php$', '/wp-login'],
  ['(www|api)\\.example\\.org', '.example.org'],
  ['a\\bb', 'ab'],
  ['(ab)(cd)', 'abcd'],
  ['ab?c', 'a'],
  ['ab{2}c', 'a'],
  ['ab|ac', ''],
  ['(?i)ab', ''],
  // What is not ASCII may be there as bytes.
  ['né?e', 'n'],
  ['éa', 'a'],
  ['\\xc3\\xa9', ''],
])('whatever matches %s holds %j', (pattern, text) => {
  expect(requiredText(simplify(parse(pattern)))).toBe(text)
})

function parse(pattern: string) {
  const parsed = parseRegex(pattern)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
