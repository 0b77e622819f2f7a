/**
 * Compiles anew what another release compiled, from the documents' own text. Until then the data plane stops the operations
 * that such a document describes: the older form must not be misread, nor the operations go unchecked.
 */
import { PROFILE_FORMAT } from '#engines/openapi/validate'
import { err, ok } from '#engines/result'
import type { StoredProfile } from '../../storage/resources.ts'
import type { ManagementPorts } from '../ports.ts'
import { transact } from '../transaction.ts'
import { partDeletes, profilePuts } from './compiled-document.ts'
import { readSchemaDocument } from './schema-document.ts'
import { documentProblem } from './schema-upload.ts'

/** @throws after all had their turn, when one does not compile any more or storage cannot be reached. */
export async function recompileSchemas(ports: ManagementPorts): Promise<void> {
  const profiles = await ports.zone.outline('schema_profile', ['schema_id', 'format'])
  const failures: string[] = []
  for (const { schema_id } of profiles.filter(isOutdated)) {
    const done = await recompile(ports, schema_id)
    if (!done.ok) failures.push(`${schema_id}: ${done.error[0]?.message ?? ''}`)
  }
  if (failures.length > 0) throw new Error(`schemas do not compile: ${failures.join('; ')}`)
}

function isOutdated({ format }: Pick<StoredProfile, 'format'>): boolean {
  return format !== PROFILE_FORMAT
}

/** One after the other, each a change of its own: a document may take much of an isolate's memory. */
function recompile(ports: ManagementPorts, id: string) {
  const selection = { schema: [id], schema_source: [id], schema_profile: [id] }
  const action = 'schema_validation.schemas.recompile'
  return transact(ports, { selection, actor: 'portcullis', action }, async (documents) => {
    const [schema] = documents.schema
    const [text] = documents.schema_source
    const [profile] = documents.schema_profile
    const isGone = schema === undefined || text === undefined || profile === undefined
    // Deleted, or compiled by somebody else meanwhile.
    if (isGone || !isOutdated(profile)) return ok({ puts: [], deletes: [], result: id })
    const read = await readSchemaDocument(text.source, ports.nowMs())
    if (!read.ok) return err(read.error.map(documentProblem))
    const { compiled } = read.value
    const puts = profilePuts(schema, compiled, profile)
    return ok({ puts, deletes: partDeletes(profile, compiled), result: id })
  })
}
