/** Seed files → what they ask for, or every error in every file. Nothing here looks at what is stored. */
import { type FileRule, readRuleFile } from '#engines/rule-files'
import { err, ok, type Result } from '#engines/result'
import type { SeedFile } from '../../../storage/ports.ts'
import type { SeedError } from '../../../storage/resources.ts'
import { readSchemaDocument, type SchemaDocument } from '../../schema-validation/schema-document.ts'
import { fileError } from './change.ts'

export type DesiredRule = { readonly file: string; readonly rule: FileRule }

export type DesiredSchema = {
  readonly file: string
  readonly source: string
  readonly document: SchemaDocument
}

export type Desired = {
  readonly rules: readonly DesiredRule[]
  readonly schemas: readonly DesiredSchema[]
}

export type DesiredOrErrors = Result<Desired, readonly SeedError[]>

/** The files in the order of their paths, which is the order of their rules. */
export async function readDesired(
  files: readonly SeedFile[],
  nowMs: number,
): Promise<DesiredOrErrors> {
  const errors: SeedError[] = []
  const rules: DesiredRule[] = []
  const schemas: DesiredSchema[] = []
  for (const { path: file, content } of files) {
    if (/^rules\/[^/]+\.ya?ml$/.test(file)) {
      const read = readRuleFile(file, content)
      if (read.ok) rules.push(...read.value.rules.map((rule) => ({ file, rule })))
      else errors.push(...read.error)
    } else if (/^schemas\/[^/]+\.(ya?ml|json)$/.test(file)) {
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
  errors.push(...repeatedRefs(rules), ...contradictions(schemas))
  return errors.length > 0 ? err(errors) : ok({ rules, schemas })
}

/** Within one file the reader has looked already. */
function repeatedRefs(rules: readonly DesiredRule[]): readonly SeedError[] {
  const first = new Map<string, string>()
  return rules.flatMap(({ file, rule: { ref } }) => {
    const other = first.get(ref)
    if (other === undefined) first.set(ref, file)
    return other === undefined ? [] : [fileError(file, `The ref "${ref}" is used in ${other} too.`)]
  })
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
