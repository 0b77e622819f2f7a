/** The commands of `portcullis`, in the order of the usage text. */
import type { Command } from './command.ts'
import { certIssue } from './commands/cert-issue.ts'
import { certList } from './commands/cert-list.ts'
import { certReissue } from './commands/cert-reissue.ts'
import { certRevoke } from './commands/cert-revoke.ts'
import { certVerify } from './commands/cert-verify.ts'
import { graphql } from './commands/graphql.ts'
import { jwtVerify } from './commands/jwt-verify.ts'
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
  graphql,
  jwtVerify,
  certVerify,
  replay,
  certIssue,
  certList,
  certReissue,
  certRevoke,
]
