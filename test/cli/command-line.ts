/** A command line run in this process: what it answered, row by row and message by message. */
import { COMMANDS } from '../../cli/commands.ts'
import { runCommandLine } from '../../cli/run.ts'

export type CommandRun = {
  readonly exitCode: number
  readonly rows: readonly object[]
  readonly messages: readonly string[]
  /** What was drawn under the messages. */
  readonly drawn: readonly string[]
}

/** `input` is standard input. */
export async function runCommand(
  words: readonly string[],
  input: string | readonly Uint8Array[] = '',
): Promise<CommandRun> {
  const rows: object[] = []
  const messages: string[] = []
  const drawn: string[] = []
  const exitCode = await runCommandLine(words, COMMANDS, {
    stdin: streamOf(typeof input === 'string' ? [new TextEncoder().encode(input)] : input),
    print: async (row) => void rows.push(row),
    tell: (message) => void messages.push(message),
    draw: (line) => void drawn.push(line),
  })
  return { exitCode, rows, messages, drawn }
}

/** Values as JSON lines. */
export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('')
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}
