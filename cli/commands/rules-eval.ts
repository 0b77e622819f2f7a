/** `rules eval`: the value of an expression for a request that is given field by field. */
import {
  compileExpression,
  compileValueExpression,
  type Environment,
  type FieldSource,
  type Value,
} from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import type { Command } from '../command.ts'
import { readGivenEnvironment } from '../given-environment.ts'
import { readGivenFields } from '../given-fields.ts'
import { type Answer, answerJsonLines, isObject, type JsonObject } from '../json-lines.ts'

export const rulesEval: Command = {
  name: 'rules eval',
  summary: 'Evaluates expressions of the rules language',
  operands: null,
  options: {},
  help: `Reads JSON lines {"expression": "…", "fields": {"http.host": "example.com", …}, "phase": "…",
"lists": {"name": {"kind": "ip", "items": ["192.0.2.0/24"]}}}. Arrays and maps are JSON, bytes and addresses are text; a
field that is not given, or is null, is missing.
Prints for each, in order, {"ok": true, "value": true} or
{"ok": false, "error": {"message": "…", "line": 1, "column": 5}}. An expression may also be a text, a number or an array
of texts; its value is null when it is missing.
Exit 1 when an expression is refused, 2 when a line is not understood.`,
  run: (_call, io) => answerJsonLines(io, evaluate),
}

function evaluate(row: JsonObject): Answer {
  const { expression, fields = {} } = row
  if (typeof expression !== 'string') return err('expression must be text')
  if (!isObject(fields)) return err('fields must be an object')
  const given = readGivenEnvironment(row)
  if (!given.ok) return given
  const source = readGivenFields(fields, given.value.matchers)
  if (!source.ok) return source
  const compiled = compileAny(expression, given.value.environment)
  if (!compiled.ok) return ok({ row: { ok: false, error: compiled.error }, finding: true })
  return ok({ row: { ok: true, value: compiled.value(source.value) ?? null }, finding: false })
}

type Place = { readonly message: string; readonly line: number; readonly column: number }
type Evaluate = (source: FieldSource) => Value | undefined

/** A condition before a value; what is neither is refused as the condition it is not. */
function compileAny(expression: string, environment: Environment): Result<Evaluate, Place> {
  const condition = compileExpression(expression, environment)
  if (condition.ok) return ok((source) => condition.value.evaluate(source))
  const types = ['Bytes', 'Int', 'Array<Bytes>'] as const
  const value = compileValueExpression(expression, { ...environment, types })
  if (value.ok) return ok((source) => value.value.evaluate(source))
  const { message, line, column } = condition.error
  return err({ message, line, column })
}
