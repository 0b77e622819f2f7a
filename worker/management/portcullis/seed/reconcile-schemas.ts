/** Brings the OpenAPI documents that came from files to what the files say. A file is one document and keeps its id. */
import type { Documents } from '../../../storage/ports.ts'
import type { Schema } from '../../../storage/resources.ts'
import { forgetting } from '../../provenance.ts'
import { schemaPuts } from '../../schema-validation/schema-upload.ts'
import { schemaDeletes } from '../../schema-validation/schemas.ts'
import { isOverfull } from '../../schema-validation/schema-quota.ts'
import { combined, fileError, NO_CHANGE, remembering, type SeedChange } from './change.ts'
import type { DesiredSchema } from './desired.ts'
import { originsOf } from './origins.ts'

export type SchemaPorts = {
  /** RFC 3339. */
  readonly now: string
  readonly newId: () => string
}

export function reconcileSchemas(
  documents: Documents,
  desired: readonly DesiredSchema[],
  ports: SchemaPorts,
): SeedChange {
  const origins = originsOf(documents)
  const stored = documents.schema.flatMap((schema) => {
    const file = origins.fileOf('schema', schema.schema_id)
    return file === undefined ? [] : [{ file, schema }]
  })
  const known = new Map(stored.map(({ file, schema }) => [file, schema]))
  const files = new Set(desired.map(({ file }) => file))
  const change = combined([
    ...stored.flatMap(({ file, schema }) =>
      files.has(file) ? [] : [deletion(documents, schema.schema_id, file)],
    ),
    ...desired.map((want) => {
      const schema = known.get(want.file)
      return schema === undefined ? creation(want, ports) : update(documents, schema, want)
    }),
  ])
  if (!isOverfull(documents, change)) return change
  const message = 'With these files the zone would hold more OpenAPI documents than it can.'
  return { ...NO_CHANGE, errors: [fileError(desired.at(-1)?.file ?? 'schemas', message)] }
}

function creation(
  { file, source, document }: DesiredSchema,
  { now, newId }: SchemaPorts,
): SeedChange {
  const schema: Schema = {
    schema_id: newId(),
    name: file,
    kind: 'openapi_v3',
    created_at: now,
    validation_enabled: true,
  }
  return {
    ...NO_CHANGE,
    puts: [...schemaPuts(schema, source, document), remembering('schema', schema.schema_id, file)],
    created: [nameOf(file)],
  }
}

/** The profile is compared too: a newer Portcullis may compile the same text to more. */
function update(documents: Documents, schema: Schema, want: DesiredSchema): SeedChange {
  const text = documents.schema_source.find(({ schema_id }) => schema_id === schema.schema_id)
  const profile = documents.schema_profile.find(({ schema_id }) => schema_id === schema.schema_id)
  const same =
    schema.validation_enabled &&
    text?.source === want.source &&
    JSON.stringify([profile?.operation_keys, profile?.profile]) ===
      JSON.stringify([want.document.operationKeys, want.document.profile])
  if (same) return { ...NO_CHANGE, unchanged: 1 }
  const enabled = { ...schema, validation_enabled: true }
  return {
    ...NO_CHANGE,
    puts: schemaPuts(enabled, want.source, want.document),
    updated: [nameOf(want.file)],
  }
}

function deletion(documents: Documents, id: string, file: string): SeedChange {
  return {
    ...NO_CHANGE,
    deletes: [...schemaDeletes(id), ...forgetting(documents, 'schema', id)],
    deleted: [nameOf(file)],
  }
}

function nameOf(file: string): string {
  return `schema/${file}`
}
