/** Reads what follows a command's name. The error is one line for the person who typed it. */
import { parseArgs } from 'node:util'
import { err, ok, type Result } from '#engines/result'
import type { Call, Command } from './command.ts'

export function readOptions(command: Command, words: readonly string[]): Result<Call, string> {
  const options = Object.entries(command.options).map(
    ([name, { value, isRepeatable = false }]) =>
      [name, { type: value === undefined ? 'boolean' : 'string', multiple: isRepeatable }] as const,
  )
  const parsed = parse(words, Object.fromEntries(options))
  if (!parsed.ok) return parsed
  const { values, positionals } = parsed.value
  if (command.operands === null && positionals.length > 0)
    return err(`"${command.name}" takes no operand: ${positionals[0] ?? ''}`)
  const given = Object.entries(values)
  return ok({
    operands: positionals,
    values: new Map(
      given.flatMap(([name, value]) => (Array.isArray(value) ? [] : [[name, String(value)]])),
    ),
    lists: new Map(
      given.flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.map(String)]] : [])),
    ),
  })
}

type Parsed = {
  readonly values: { readonly [name: string]: unknown }
  readonly positionals: readonly string[]
}

function parse(
  words: readonly string[],
  options: {
    readonly [name: string]: { readonly type: 'boolean' | 'string'; readonly multiple: boolean }
  },
): Result<Parsed, string> {
  try {
    return ok(parseArgs({ args: [...words], options, allowPositionals: true, strict: true }))
  } catch (error) {
    // The parser throws for a command line that does not fit; its first sentence says how.
    const message = error instanceof Error ? error.message : String(error)
    return err(message.split('. ')[0] ?? message)
  }
}
