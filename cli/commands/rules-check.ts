/** `rules check`: is each expression one that the shield would take, and what does it read. */
import { compileExpression, type FieldUse } from '#engines/expressions'
import { err, ok } from '#engines/result'
import type { Command } from '../command.ts'
import { readGivenEnvironment } from '../given-environment.ts'
import { type Answer, answerJsonLines, type JsonObject } from '../json-lines.ts'

export const rulesCheck: Command = {
  name: 'rules check',
  summary: 'Checks expressions of the rules language',
  operands: null,
  options: {},
  help: `Reads JSON lines {"expression": "…", "phase": "…", "lists": {"name": {"kind": "ip"}}}. Without a phase everything is
available, without lists any name will do.
Prints for each, in order, {"ok": true, "uses": ["http.host", …]}, with "warnings": ["…"] when there are any, or
{"ok": false, "error": {"message": "…", "line": 1, "column": 5}}.
Exit 1 when an expression is refused, 2 when a line is not understood.`,
  run: (_call, io) => answerJsonLines(io, check),
}

function check(row: JsonObject): Answer {
  const { expression } = row
  if (typeof expression !== 'string') return err('expression must be text')
  const given = readGivenEnvironment(row)
  if (!given.ok) return given
  const compiled = compileExpression(expression, given.value.environment)
  if (!compiled.ok) {
    const { message, line, column } = compiled.error
    return ok({ row: { ok: false, error: { message, line, column } }, finding: true })
  }
  const { uses, lists, warnings } = compiled.value
  const answer = {
    ok: true,
    uses: [...uses.map(written), ...lists.map((name) => `$${name}`)],
    ...(warnings.length === 0 ? {} : { warnings: warnings.map(({ message }) => message) }),
  }
  return ok({ row: answer, finding: false })
}

/** As it is written in an expression. */
function written({ field, key }: FieldUse): string {
  return key === undefined ? field : `${field}[${JSON.stringify(key)}]`
}
