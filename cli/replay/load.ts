/** Reads the folders of rules and schemas and compiles them for a replay, or tells everything that is wrong with them. */
import { compileExpression } from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import type { RulesetInput } from '#engines/rulesets'
import {
  type ConfigurationFile,
  type ConfigurationFolder,
  describeFileProblem,
  type FileProblem,
  readConfigurationFiles,
  wholeFile,
} from '../configuration-files.ts'
import { createJudge, type Judge } from './judge.ts'
import { readRulesets } from './rulesets.ts'
import { type DescribedOperation, readSchemas, type SchemaAction } from './schemas.ts'
import type { ListedRule } from './tally.ts'
import { unknownFields } from './unknown-fields.ts'

type Asked = {
  /** Directories; null for none. */
  readonly rules: string | null
  readonly schemas: string | null
  readonly defaultHost: string
  readonly defaultAction: SchemaAction
}

type Enforced = Pick<Judge, 'judge'> & {
  /** Every enabled rule that is asked, in the order of the rulesets. */
  readonly rules: readonly ListedRule[]
  /** Lines for a person: rules that are not asked. */
  readonly notes: readonly string[]
}

/** The errors are lines for a person. */
export async function loadEnforced(asked: Asked): Promise<Result<Enforced, readonly string[]>> {
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
  const { defaultHost } = asked
  const { sequences } = rulesets.value
  const { judge, phases } = createJudge({
    ...rulesets.value,
    operations: schemas.value,
    defaultHost,
  })
  const listed = rulesets.value.rulesets.filter(({ phase }) => phases.has(phase))
  const unlisted = rulesets.value.rulesets.filter(({ phase }) => !phases.has(phase))
  return ok({
    judge,
    rules: [...listRules(listed, asked.schemas !== null), ...listSchemaRules(schemas.value)],
    notes: [
      ...unlisted.map(
        ({ phase, rules }) => `rules of the phase ${phase} are not replayed: ${rules.length}`,
      ),
      ...(sequences === 0 ? [] : [`sequences are not replayed: ${sequences}`]),
    ],
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

/** Entry points in the order in which they run, then what they execute. */
const KINDS = ['root', 'zone', 'custom']

function listRules(
  rulesets: readonly RulesetInput[],
  hasOperations: boolean,
): readonly ListedRule[] {
  return KINDS.flatMap((kind) => rulesets.filter((ruleset) => ruleset.kind === kind)).flatMap(
    ({ id: rulesetId, rules }) =>
      rules
        .filter(({ enabled }) => enabled)
        .map(({ id, description, action, expression }) => {
          const compiled = compileExpression(expression)
          const fields = compiled.ok ? compiled.value.uses.map(({ field }) => field) : []
          return {
            rulesetId,
            id,
            description,
            action,
            unknownFields: unknownFields(fields, hasOperations),
          }
        }),
  )
}

/** Those that the engine makes of schemas, by the ids that it gives them. */
function listSchemaRules(operations: readonly DescribedOperation[]): readonly ListedRule[] {
  return (['log', 'block'] as const)
    .filter((action) => operations.some((operation) => operation.action === action))
    .map((action) => ({
      rulesetId: null,
      id: `schema-validation-${action}`,
      description: 'The request departs from the uploaded schema of its operation',
      action,
      unknownFields: [],
    }))
}
