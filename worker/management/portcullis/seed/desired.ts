/** Seed files → what they ask for, or every error in every file. */
import { err, ok, type Result } from '#engines/result'
import type { Documents, SeedFile } from '../../../storage/ports.ts'
import type { SeedError } from '../../../storage/resources.ts'
import { readSchemaDocument, type SchemaDocument } from '../../schema-validation/schema-document.ts'
import { fileError } from './change.ts'
import {
  type DesiredList,
  type DesiredRuleset,
  type DesiredSequence,
  isRuleFile,
  readRuleFiles,
} from './desired-rules.ts'
import { originsOf } from './origins.ts'
import { operationsAfter } from './reconcile-operations.ts'

export type DesiredSchema = {
  readonly file: string
  readonly source: string
  readonly document: SchemaDocument
}

export type Desired = {
  readonly rulesets: readonly DesiredRuleset[]
  readonly lists: readonly DesiredList[]
  readonly sequences: readonly DesiredSequence[]
  readonly schemas: readonly DesiredSchema[]
}

export type DesiredOrErrors = Result<Desired, readonly SeedError[]>

export type SchemasOrErrors = Result<readonly DesiredSchema[], readonly SeedError[]>

/** Everything but the rule files, which can only be read when the lists of the zone are known. */
export async function readSchemas(
  files: readonly SeedFile[],
  nowMs: number,
): Promise<SchemasOrErrors> {
  const errors: SeedError[] = []
  const schemas: DesiredSchema[] = []
  for (const { path: file, content } of files) {
    if (isRuleFile(file)) continue
    if (/^schemas\/[^/]+\.(ya?ml|json)$/.test(file)) {
      const read = await readSchemaDocument(content, nowMs)
      if (read.ok) schemas.push({ file, source: content, document: read.value })
      else
        errors.push(
          ...read.error.map(({ message, path: key, line }) => ({ file, line, key, message })),
        )
    } else {
      errors.push(
        fileError(file, 'Seed files are rules/*.yaml and schemas/*.yaml, *.yml or *.json.'),
      )
    }
  }
  errors.push(...contradictions(schemas))
  return errors.length > 0 ? err(errors) : ok(schemas)
}

/** The files in the order of their paths, which is the order of their rules. */
export function desiredOf(
  files: readonly SeedFile[],
  schemas: SchemasOrErrors,
  documents: Documents,
): DesiredOrErrors {
  const origins = originsOf(documents)
  const lists = documents.list_head.filter(
    ({ id }) => origins.fileOf('list_head', id) === undefined,
  )
  const operations = schemas.ok ? operationsAfter(documents, schemas.value) : undefined
  const rules = readRuleFiles(files, { lists, operations })
  if (rules.ok && schemas.ok) return ok({ ...rules.value, schemas: schemas.value })
  const errors = [...(rules.ok ? [] : rules.error), ...(schemas.ok ? [] : schemas.error)]
  return err(errors.toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file))))
}

function contradictions(schemas: readonly DesiredSchema[]): readonly SeedError[] {
  const first = new Map<string, DesiredSchema>()
  return schemas.flatMap((schema) => {
    const other = schema.document.operations
      .map(({ operation_id }) => first.get(operation_id))
      .find(
        (candidate) =>
          candidate !== undefined &&
          candidate.document.mitigationAction !== schema.document.mitigationAction,
      )
    for (const { operation_id } of schema.document.operations) {
      if (!first.has(operation_id)) first.set(operation_id, schema)
    }
    if (other === undefined) return []
    const message = `An operation is in ${other.file} too, with another x-portcullis-mitigation-action.`
    return [fileError(schema.file, message)]
  })
}
