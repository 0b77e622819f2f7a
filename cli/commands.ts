/** The commands of `portcullis`, in the order of the usage text. */
import type { Command } from './command.ts'
import { replay } from './commands/replay.ts'
import { rulesCheck } from './commands/rules-check.ts'
import { rulesEval } from './commands/rules-eval.ts'
import { schemaCheck } from './commands/schema-check.ts'
import { schemaDiff } from './commands/schema-diff.ts'
import { schemaValidate } from './commands/schema-validate.ts'

export const COMMANDS: readonly Command[] = [
  rulesCheck,
  rulesEval,
  schemaCheck,
  schemaValidate,
  schemaDiff,
  replay,
]
