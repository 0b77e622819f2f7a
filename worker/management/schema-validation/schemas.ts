/**
 * Uploaded OpenAPI documents. A document is compiled when it is uploaded, and refused with every error's place when
 * it cannot be. An enabled one saves the operations it describes, in the same transaction; deleting it keeps them.
 */
import * as z from 'zod/mini'
import { err, ok } from '#engines/result'
import type { Delete, Documents } from '../../storage/ports.ts'
import type { Schema, SchemaSource, StoredProfile } from '../../storage/resources.ts'
import { saving } from '../api-gateway/operation-saving.ts'
import { readBody } from '../body.ts'
import { type Notice, problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { paginate, readFlag, readPage } from '../pagination.ts'
import { forgetting, provenanceId } from '../provenance.ts'
import { transact } from '../transaction.ts'
import { partDeletes } from './compiled-document.ts'
import { readSchemaDocument, type SchemaWarning } from './schema-document.ts'
import { documentProblem, storeSchema } from './schema-upload.ts'

const UPLOAD = z.object({
  kind: z.literal('openapi_v3'),
  name: z.string().check(z.minLength(1), z.maxLength(LIMITS.schemaNameCharactersMax)),
  source: z.string(),
  validation_enabled: z.boolean(),
})

const CHANGE = z.object({ validation_enabled: z.optional(z.boolean()) })

export async function createSchema(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, UPLOAD, LIMITS.schemaUploadBytesMax)
  if (!body.ok) return body
  const stored = await storeSchema(call, body.value, 'schema_validation.schemas.create')
  if (!stored.ok) return stored
  const { schema, warnings, notices } = stored.value
  return ok({
    result: { ...schema, source: body.value.source },
    notices: [...notices, ...warnings.map(warning)],
  })
}

export async function listSchemas({ ports, query }: Call): Promise<Outcome> {
  const omitSource = readFlag(query, 'omit_source')
  if (!omitSource.ok) return omitSource
  const enabled = readFlag(query, 'validation_enabled')
  if (!enabled.ok) return enabled
  const page = readPage(query, LIMITS.perPageOfSourcesMax)
  if (!page.ok) return page
  const { documents } = await ports.zone.read({ schema: 'all' })
  const schemas = documents.schema.filter(
    ({ validation_enabled }) => enabled.value === undefined || enabled.value === validation_enabled,
  )
  const answer = paginate(schemas, page.value)
  if (omitSource.value === true) return ok(answer)
  // Together they may be more than one answer of the Zone object carries.
  const result = await Promise.all(
    answer.result.map(async (schema) => {
      const reading = await ports.zone.read({ schema_source: [schema.schema_id] })
      return withSource(schema, reading.documents)
    }),
  )
  return ok({ ...answer, result })
}

export async function getSchema({ ports, query, param }: Call): Promise<Outcome> {
  const omitSource = readFlag(query, 'omit_source')
  if (!omitSource.ok) return omitSource
  const ids = [param('schema_id')]
  const { documents } = await ports.zone.read({
    schema: ids,
    schema_source: omitSource.value === true ? [] : ids,
  })
  const schema = documents.schema[0]
  return schema === undefined ? problem('not_found') : ok({ result: withSource(schema, documents) })
}

/** Enabling a document saves the operations it describes, as uploading an enabled one does. */
export async function editSchema({ ports, request, param, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, CHANGE)
  if (!body.ok) return body
  const ids = [param('schema_id')]
  const { validation_enabled } = body.value
  const selection = {
    operation: 'all' as const,
    schema: ids,
    schema_source: ids,
    schema_profile: ids,
  }
  const transaction = { selection, actor, action: 'schema_validation.schemas.edit' }
  return transact(ports, transaction, async (documents) => {
    const [schema] = documents.schema
    const [profile] = documents.schema_profile
    const [text] = documents.schema_source
    if (schema === undefined || profile === undefined || text === undefined)
      return problem('not_found')
    if (validation_enabled === undefined || validation_enabled === schema.validation_enabled) {
      return ok({ puts: [], deletes: [], result: withSource(schema, documents) })
    }
    const saved = validation_enabled
      ? await savingOf(documents, text.source, ports.nowMs())
      : ok({ puts: [] })
    if (!saved.ok) return saved
    const edited = { ...schema, validation_enabled }
    const id = schema.schema_id
    return ok({
      puts: [
        { collection: 'schema', id, body: edited },
        { collection: 'schema_profile', id, body: { ...profile, validation_enabled } },
        ...saved.value.puts,
      ],
      deletes: [],
      result: withSource(edited, documents),
    })
  })
}

export async function deleteSchema({ ports, param, actor }: Call): Promise<Outcome> {
  const id = param('schema_id')
  const selection = {
    schema: [id],
    schema_profile: [id],
    provenance: [provenanceId('schema', id)],
  }
  const transaction = { selection, actor, action: 'schema_validation.schemas.delete' }
  return transact(ports, transaction, async (documents) => {
    if (documents.schema.length === 0) return problem('not_found')
    return ok({
      puts: [],
      deletes: [
        ...schemaDeletes(id, documents.schema_profile[0]),
        ...forgetting(documents, 'schema', id),
      ],
      result: { schema_id: id },
    })
  })
}

/** Everything that is stored of a document. */
export function schemaDeletes(id: string, profile: StoredProfile | undefined): readonly Delete[] {
  return [
    { collection: 'schema', id },
    { collection: 'schema_source', id },
    { collection: 'schema_profile', id },
    ...partDeletes(profile),
  ]
}

async function savingOf(documents: Documents, source: string, nowMs: number) {
  const read = await readSchemaDocument(source, nowMs)
  return read.ok ? saving(documents, read.value.operations) : err(read.error.map(documentProblem))
}

function withSource(schema: Schema, documents: Documents): Schema & Partial<SchemaSource> {
  const text = documents.schema_source.find(({ schema_id }) => schema_id === schema.schema_id)
  return text === undefined ? schema : { ...schema, source: text.source }
}

function warning({ message, locations: [path] }: SchemaWarning): Notice {
  return {
    notice: 'schema_warning',
    message: path === undefined ? message : `${message} (${path})`,
  }
}
