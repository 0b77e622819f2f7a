/** Stores an uploaded OpenAPI document with all that is made of it, in one transaction, or says what is wrong with it. */
import type { DocumentIssue } from '#engines/openapi'
import { err, ok, type Result } from '#engines/result'
import type { Put } from '../../storage/ports.ts'
import type { Schema, StoredProfile } from '../../storage/resources.ts'
import { saving } from '../api-gateway/operation-saving.ts'
import { type Notice, type Problem, problem, type Problems } from '../envelope.ts'
import type { Call } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { transact } from '../transaction.ts'
import { profilePuts } from './compiled-document.ts'
import { readSchemaDocument, type SchemaDocument, type SchemaWarning } from './schema-document.ts'
import { isOverfull, WEIGHT_MEMBERS } from './schema-quota.ts'

export type Upload = Pick<Schema, 'kind' | 'name' | 'validation_enabled'> & {
  readonly source: string
}

type Uploaded = {
  readonly schema: Schema
  readonly warnings: readonly SchemaWarning[]
  readonly notices: readonly Notice[]
}

/** An enabled document saves the operations it describes. `action` is the management call, for the audit log. */
export async function storeSchema(
  { ports, actor }: Call,
  { kind, name, source, validation_enabled }: Upload,
  action: string,
): Promise<Result<Uploaded, Problems>> {
  const read = await readSchemaDocument(source, ports.nowMs())
  if (!read.ok) return err(read.error.map(documentProblem))
  const { operations, warnings } = read.value
  const schema: Schema = {
    schema_id: ports.uuid(),
    name,
    kind,
    created_at: new Date(ports.nowMs()).toISOString(),
    validation_enabled,
  }
  const selection = { operation: 'all' } as const
  const done = await transact(ports, { selection, actor, action }, async (documents) => {
    const puts = schemaPuts({ schema, source, document: read.value })
    const stored = await ports.zone.outline('schema_profile', WEIGHT_MEMBERS)
    if (isOverfull(stored, { puts, deletes: [] })) return problem('limit_reached', QUOTA)
    const saved = saving(documents, validation_enabled ? operations : [])
    if (!saved.ok) return saved
    return ok({ puts: [...puts, ...saved.value.puts], deletes: [], result: schema })
  })
  return done.ok ? ok({ schema, warnings, notices: done.value.notices }) : done
}

type Storing = {
  readonly schema: Schema
  readonly source: string
  readonly document: SchemaDocument
  /** The profile that is replaced. */
  readonly before?: StoredProfile
}

/** A document is stored as what lists show, its text, and what the data plane runs. */
export function schemaPuts({ schema, source, document, before }: Storing): readonly Put[] {
  const { schema_id } = schema
  return [
    { collection: 'schema', id: schema_id, body: schema },
    { collection: 'schema_source', id: schema_id, body: { schema_id, source } },
    ...profilePuts(schema, document.compiled, before),
  ]
}

/** What is wrong with a document, with its place. */
export function documentProblem({ message, path, line, column }: DocumentIssue): Problem {
  const place = line === null ? path : `${path}, line ${line}, column ${column ?? 1}`
  return { error: 'invalid_schema', message: `${message} (${place})`, pointer: '/source' }
}

const QUOTA = `A zone holds at most ${LIMITS.schemasMax} documents of ${LIMITS.sourceCharactersTotalMax} characters together.`
