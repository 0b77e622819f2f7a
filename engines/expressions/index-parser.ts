/** Parses and checks the indexes after an operand: `["key"]`, `[0]`, `[*]`. Follows `ast/index_expr.rs` and `scheme.rs`. */
import { ok } from '#engines/result'
import type { Step } from './ast.ts'
import { expectLiteral, fault, faultAt, type Read, skipBlanks } from './lexer.ts'
import { readInt } from './literals.ts'
import { readString } from './string-reader.ts'
import { type Type, typeName } from './types.ts'
import { hasEscapedBytes } from './values/bytes.ts'

const POSITION_MAX = 0xffffffffn

type Steps = { readonly steps: readonly Step[]; readonly type: Type }

/** Every index that follows a value of this type, and the type of what they lead to; none is fine. */
export function readSteps(source: string, at: number, start: Type): Read<Steps> {
  const steps: Step[] = []
  let type = start
  let next = at
  while (source.charAt(next) === '[') {
    const step = readStep(source, next)
    if (!step.ok) return step
    const element = elementType(type, step.value.value)
    if (element === undefined) {
      const message = `cannot access index ${stepName(step.value.value)} for type ${typeName(type)}`
      return fault('invalid_index', message, { start: next, end: step.value.next })
    }
    steps.push(step.value.value)
    type = element
    next = step.value.next
  }
  return ok({ value: { steps, type }, next })
}

/** `index := '*' | "key" | unsigned 32-bit integer`, with blanks inside the brackets. */
function readStep(source: string, open: number): Read<Step> {
  const step = readContent(source, skipBlanks(source, open + 1))
  if (!step.ok) return step
  const close = expectLiteral(source, skipBlanks(source, step.value.next), ']')
  return close.ok ? ok({ value: step.value.value, next: close.value }) : close
}

function readContent(source: string, at: number): Read<Step> {
  if (source.charAt(at) === '*') return ok({ value: { kind: 'each' }, next: at + 1 })
  return source.charAt(at) === '"' ? readKey(source, at) : readPosition(source, at)
}

function readKey(source: string, at: number): Read<Step> {
  const key = readString(source, at)
  if (!key.ok) return key
  return hasEscapedBytes(key.value.value)
    ? faultAt('invalid_index', 'expected a key in UTF-8', { source, at })
    : ok({ value: { kind: 'key', key: key.value.value }, next: key.value.next })
}

function readPosition(source: string, at: number): Read<Step> {
  const int = readInt(source, at)
  if (!int.ok || int.value.value < 0n || int.value.value > POSITION_MAX) {
    return faultAt('invalid_index', 'expected quoted string or positive integer', { source, at })
  }
  const position = Number(int.value.value)
  return ok({ value: { kind: 'position', position }, next: int.value.next })
}

function elementType(type: Type, step: Step): Type | undefined {
  if (!('of' in type)) return undefined
  if (step.kind === 'each') return type.of
  return type.kind === (step.kind === 'key' ? 'Map' : 'Array') ? type.of : undefined
}

function stepName(step: Step): string {
  if (step.kind === 'key') return JSON.stringify(step.key)
  return step.kind === 'position' ? String(step.position) : '*'
}
