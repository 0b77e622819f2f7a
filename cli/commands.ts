/** The commands of `portcullis`, in the order of the usage text. */
import type { Command } from './command.ts'
import { graphql } from './commands/graphql.ts'
import { replay } from './commands/replay.ts'
import { rulesCheck } from './commands/rules-check.ts'
import { rulesEval } from './commands/rules-eval.ts'

export const COMMANDS: readonly Command[] = [rulesCheck, rulesEval, graphql, replay]
