/**
 * The way of commands that answer line by line: one row out for one row in, in the same order. A row that cannot be
 * understood is answered too, with an error that names its line, and is told on standard error; the rest goes on and the
 * exit code is 2. Empty lines are skipped.
 */
import { describeTrafficError, type Line } from '#engines/traffic'
import { err, ok, type Result } from '#engines/result'
import type { CommandIo, ExitCode } from './command.ts'
import { cliLimits } from './limits.ts'
import { readTextLines } from './text-lines.ts'

export type JsonObject = { readonly [name: string]: unknown }

/** An answer to one row; `finding` is what makes the exit code 1. The error is why the row is not understood. */
export type Answer = Result<{ readonly row: object; readonly finding: boolean }, string>

export async function answerJsonLines(
  io: CommandIo,
  answer: (row: JsonObject) => Answer | Promise<Answer>,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  for await (const lines of readTextLines(io.stdin, cliLimits.inputLineCharactersMax)) {
    for (const line of lines) {
      if (line.text.ok && line.text.value.trim() === '') continue
      const row = readRow(line)
      const answered = row.ok ? await answer(row.value) : row
      if (answered.ok) {
        await io.print(answered.value.row)
        if (answered.value.finding && exitCode === 0) exitCode = 1
      } else {
        const message = `line ${line.number}: ${answered.error}`
        io.tell(message)
        await io.print({ ok: false, error: { message } })
        exitCode = 2
      }
    }
  }
  return exitCode
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readRow({ text }: Line): Result<JsonObject, string> {
  if (!text.ok) return err(describeTrafficError(text.error))
  try {
    const value: unknown = JSON.parse(text.value)
    return isObject(value) ? ok(value) : err('this is not a JSON object')
  } catch {
    // JSON.parse has no other way to say so.
    return err('this is not JSON')
  }
}
