/** The right side of `matches`, `wildcard` and `strict wildcard`: a string that is compiled when it is read. */
import { ok } from '#engines/result'
import type { PatternOperator, Test } from './ast.ts'
import { fault, faultAt, type Read } from './lexer.ts'
import { readPattern, readString } from './string-reader.ts'
import { compileRegex } from './values/regex.ts'
import { compileWildcard } from './values/wildcard.ts'

/** Reads the pattern of an operator; errors stand where wirefilter puts them. */
export function readPatternTest(source: string, at: number, operator: PatternOperator): Read<Test> {
  return operator === 'matches' ? readRegex(source, at) : readWildcard(source, at, operator)
}

/** The error covers the whole pattern, or what follows a raw one, and says where inside of it the trouble is. */
function readRegex(source: string, at: number): Read<Test> {
  const read = readPattern(source, at)
  if (!read.ok) return read
  const { value: pattern, next } = read.value
  const compiled = compileRegex(pattern)
  if (compiled.ok) {
    const test: Test = { kind: 'pattern', operator: 'matches', pattern, test: compiled.value }
    return ok({ value: test, next })
  }
  const { code, message, at: offset } = compiled.error
  const place = `${message} (character ${offset + 1} of the pattern)`
  return source.charAt(at) === '"'
    ? fault(code, place, { start: at + 1, end: next - 1 })
    : faultAt(code, place, { source, at: next })
}

function readWildcard(
  source: string,
  at: number,
  operator: 'wildcard' | 'strict wildcard',
): Read<Test> {
  const read = readString(source, at)
  if (!read.ok) return read
  const { value: pattern, next } = read.value
  const compiled = compileWildcard(pattern, { isStrict: operator === 'strict wildcard' })
  return compiled.ok
    ? ok({ value: { kind: 'pattern', operator, pattern, test: compiled.value }, next })
    : faultAt('invalid_wildcard', compiled.error, { source, at })
}
