/**
 * `npm run --silent portcullis -- COMMAND …`: the shield's engines on files, and certificates of a running shield. JSON lines go to standard
 * output, messages to standard error; exit 0 all is well, 1 there are findings, 2 the command line or the input is wrong.
 */
import { COMMANDS } from './commands.ts'
import { runCommandLine } from './run.ts'
import { createTerminal } from './terminal.ts'

process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS, createTerminal(process))
