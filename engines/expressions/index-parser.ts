/** Parses the indexes after an operand: `["key"]`, `[0]`, `[*]`. Follows `ast/index_expr.rs` and `scheme.rs`. */
import { ok } from '#engines/result'
import type { Index } from './ast.ts'
import { faultAt, type Read, readString, readWord, skipBlanks } from './lexer.ts'
import { parseInt64 } from './values/int-range.ts'

const INDEX_MAX = 0xffffffffn

/** Every index that follows a name or a call; none is fine. */
export function readIndexes(source: string, at: number): Read<readonly Index[]> {
  const indexes: Index[] = []
  let next = at
  while (source.charAt(next) === '[') {
    const index = readIndex(source, next)
    if (!index.ok) return index
    indexes.push(index.value.value)
    next = index.value.next
  }
  return ok({ value: indexes, next })
}

/** `index := '*' | "key" | unsigned 32-bit integer`, with blanks inside the brackets. */
function readIndex(source: string, open: number): Read<Index> {
  const at = skipBlanks(source, open + 1)
  const content = readIndexContent(source, at)
  if (!content.ok) return content
  const close = skipBlanks(source, content.value.next)
  if (source.charAt(close) !== ']') {
    return faultAt('expected_token', 'expected literal "]"', { source, at: close })
  }
  const next = close + 1
  return ok({ value: { ...content.value.value, span: { start: open, end: next } }, next })
}

type IndexContent =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'each' }

function readIndexContent(source: string, at: number): Read<IndexContent> {
  if (source.charAt(at) === '*') return ok({ value: { kind: 'each' }, next: at + 1 })
  if (source.charAt(at) === '"') {
    const key = readString(source, at)
    return key.ok ? ok({ value: { kind: 'key', key: key.value.value }, next: key.value.next }) : key
  }
  const word = readWord(source, at)
  const position = word.ok ? parseInt64(word.value.value) : undefined
  if (!word.ok || position === undefined || position < 0n || position > INDEX_MAX) {
    return faultAt('invalid_index', 'expected quoted string or positive integer', { source, at })
  }
  return ok({ value: { kind: 'position', position: Number(position) }, next: word.value.next })
}
