/** From a command line to an exit code: finds the command, reads its options, shows help, and runs it. */
import type { Command, CommandIo, ExitCode } from './command.ts'
import { commandHelp, suggestCommand, usage } from './help.ts'
import { readOptions } from './options.ts'

export async function runCommandLine(
  commandLine: readonly string[],
  commands: readonly Command[],
  io: CommandIo,
): Promise<ExitCode> {
  const found = findCommand(commandLine, commands)
  if (found === null) return answerWithout(commandLine, commands, io)
  const { command, rest } = found
  if (asksForHelp(rest)) {
    io.tell(commandHelp(command))
    return 0
  }
  const call = readOptions(command, rest)
  if (!call.ok) {
    io.tell(`${call.error}\n\n${commandHelp(command)}`)
    return 2
  }
  return command.run(call.value, io)
}

type Found = { readonly command: Command; readonly rest: readonly string[] }

/** Names have one or two words; of two that fit the longer counts. */
function findCommand(commandLine: readonly string[], commands: readonly Command[]): Found | null {
  for (const words of [2, 1]) {
    const name = commandLine.slice(0, words).join(' ')
    const command = commands.find((each) => each.name === name)
    if (command !== undefined) return { command, rest: commandLine.slice(words) }
  }
  return null
}

function answerWithout(
  commandLine: readonly string[],
  commands: readonly Command[],
  io: CommandIo,
): ExitCode {
  const [first] = commandLine
  const isAsked = first === 'help' || asksForHelp(commandLine)
  if (first === undefined || isAsked) {
    // `portcullis rules --help` is about the commands that begin so.
    const group = commands.filter(({ name }) => name.startsWith(`${first ?? ''} `))
    io.tell(usage(group.length > 0 ? group : commands))
    return isAsked ? 0 : 2
  }
  const words = commandLine.filter((word) => !word.startsWith('-'))
  const nearest = suggestCommand(words, commands)
  const hint = nearest === null ? '' : `; did you mean "${nearest}"?`
  io.tell(
    `there is no command "${words.slice(0, 2).join(' ').slice(0, 80)}"${hint}\n\n${usage(commands)}`,
  )
  return 2
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return (end === -1 ? words : words.slice(0, end)).some(
    (word) => word === '--help' || word === '-h',
  )
}
