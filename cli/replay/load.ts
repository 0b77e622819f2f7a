/** Reads the folders of rules and schemas and compiles them for a replay, or tells everything that is wrong with them. */
import { err, ok, type Result } from '#engines/result'
import {
  type ConfigurationFile,
  type ConfigurationFolder,
  describeFileProblem,
  type FileProblem,
  readConfigurationFiles,
  wholeFile,
} from '../configuration-files.ts'
import { compileEnforced, type Enforced } from './enforced.ts'
import { type ListedRule, listRules } from './listed-rules.ts'
import { readRulesets } from './rulesets.ts'
import { readSchemas, type SchemaAction } from './schemas.ts'
import { isOfSessions } from './unknown-fields.ts'

type Asked = {
  /** Directories; null for none. */
  readonly rules: string | null
  readonly schemas: string | null
  readonly defaultAction: SchemaAction
  readonly hasSessions: boolean
}

type Loaded = {
  readonly enforced: Enforced
  /** Every enabled rule, in the order of the phases. */
  readonly rules: readonly ListedRule[]
  /** Lines for a person: what keeps rules from being replayed as they are meant. */
  readonly notes: readonly string[]
}

/** The errors are lines for a person. */
export async function loadEnforced(asked: Asked): Promise<Result<Loaded, readonly string[]>> {
  const ruleFiles = await readFolder('rules', asked.rules)
  const schemaFiles = await readFolder('schemas', asked.schemas)
  const rulesets = ruleFiles.ok ? readRulesets(ruleFiles.value) : ruleFiles
  const schemas = schemaFiles.ok
    ? await readSchemas(schemaFiles.value, asked.defaultAction)
    : schemaFiles
  if (!rulesets.ok || !schemas.ok) {
    const problems = [...(rulesets.ok ? [] : rulesets.error), ...(schemas.ok ? [] : schemas.error)]
    return err(problems.map(describeFileProblem))
  }
  const files = { ...rulesets.value, operations: schemas.value }
  const enforced = compileEnforced(files)
  const told = { hasOperations: asked.schemas !== null, hasSessions: asked.hasSessions }
  const rules = listRules({ ...files, enforced, told })
  const isSessionMissed = rules.some(({ unknownFields }) => unknownFields.some(isOfSessions))
  return ok({
    enforced,
    rules,
    notes:
      isSessionMissed && !told.hasSessions
        ? ['without --session no request belongs to a session']
        : [],
  })
}

async function readFolder(
  kind: ConfigurationFolder['kind'],
  directory: string | null,
): Promise<Result<readonly ConfigurationFile[], readonly FileProblem[]>> {
  if (directory === null) return ok([])
  const name = directory.replace(/(?<=.)\/+$/, '')
  const read = await readConfigurationFiles([{ kind, directory, name }])
  if (!read.ok) return read
  const files = read.value.flatMap((each) => each ?? [])
  return files.length === 0 ? err([wholeFile(name, `There are no ${kind} files here.`)]) : ok(files)
}
