/** Brings the OpenAPI documents that came from files to what the files say. A file is one document and keeps its id. */
import type { Documents } from '../../../storage/ports.ts'
import type { Schema, StoredProfile } from '../../../storage/resources.ts'
import { forgetting } from '../../provenance.ts'
import { isStored, partDeletes } from '../../schema-validation/compiled-document.ts'
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
  if (!isOverfull(documents.schema_profile, change)) return change
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
    puts: [
      ...schemaPuts({ schema, source, document }),
      remembering('schema', schema.schema_id, file),
    ],
    created: [nameOf(file)],
  }
}

/** All that was compiled is compared too: a newer Portcullis may compile the same text to more. */
function update(documents: Documents, schema: Schema, want: DesiredSchema): SeedChange {
  const { file, source, document } = want
  const before = profileOf(documents, schema.schema_id)
  const isSame =
    schema.validation_enabled && before !== undefined && isStored(before, document.compiled)
  if (isSame) return { ...NO_CHANGE, unchanged: 1 }
  const enabled = { ...schema, validation_enabled: true }
  return {
    ...NO_CHANGE,
    puts: schemaPuts({
      schema: enabled,
      source,
      document,
      ...(before === undefined ? {} : { before }),
    }),
    deletes: partDeletes(before, document.compiled),
    updated: [nameOf(file)],
  }
}

function profileOf(documents: Documents, id: string): StoredProfile | undefined {
  return documents.schema_profile.find(({ schema_id }) => schema_id === id)
}

function deletion(documents: Documents, id: string, file: string): SeedChange {
  return {
    ...NO_CHANGE,
    deletes: [
      ...schemaDeletes(id, profileOf(documents, id)),
      ...forgetting(documents, 'schema', id),
    ],
    deleted: [nameOf(file)],
  }
}

function nameOf(file: string): string {
  return `schema/${file}`
}
