/**
 * The older API of uploaded OpenAPI documents: the same documents as schema_validation/schemas, uploaded as a form with a
 * file. What it can list, show and edit it does as the newer one; only uploading and deleting answer in its own words.
 */
import { err, ok, type Result } from '#engines/result'
import { readBytes } from '../body.ts'
import { type Problem, problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import type { SchemaWarning } from '../schema-validation/schema-document.ts'
import { storeSchema, type Upload } from '../schema-validation/schema-upload.ts'
import { deleteSchema } from '../schema-validation/schemas.ts'

export async function createUserSchema(call: Call): Promise<Outcome> {
  const form = await readForm(call.request)
  if (!form.ok) return form
  const upload = await readUpload(form.value)
  if (!upload.ok) return upload
  const stored = await storeSchema(call, upload.value, 'api_gateway.user_schemas.create')
  if (!stored.ok) return err(stored.error.map(pointingIntoTheForm))
  const { schema, warnings, notices } = stored.value
  const upload_details = { warnings: warnings.map(detail) }
  return ok({
    result: { schema: { ...schema, source: upload.value.source }, upload_details },
    notices,
  })
}

export async function deleteUserSchema(call: Call): Promise<Outcome> {
  const outcome = await deleteSchema(call)
  return outcome.ok ? ok({ ...outcome.value, bare: true }) : outcome
}

async function readForm(request: Request): Promise<Result<FormData, Problems>> {
  const contentType = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    return problem('malformed_request', 'The document is uploaded as multipart/form-data.')
  }
  const bytes = await readBytes(request, LIMITS.schemaUploadBytesMax)
  if (!bytes.ok) return bytes
  try {
    const headers = { 'content-type': contentType }
    return ok(await new Response(bytes.value, { headers }).formData())
  } catch (cause) {
    if (cause instanceof TypeError) {
      return problem('malformed_request', `The form cannot be read: ${cause.message}`)
    }
    throw cause
  }
}

/** Flags of a form are words. */
const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [null, false],
  ['true', true],
  ['false', false],
])

async function readUpload(form: FormData): Promise<Result<Upload, Problems>> {
  const file = form.get('file')
  const name = form.get('name') ?? (file instanceof File ? file.name : null)
  const validation_enabled = FLAGS.get(form.get('validation_enabled'))
  const problems: Problem[] = []
  const refuse = (pointer: string, message: string): void =>
    void problems.push({ error: 'invalid_body', message, pointer })
  const source = file === null ? null : await textOf(file)
  if (file === null) refuse('/file', 'This member is required.')
  else if (source === null) refuse('/file', 'The file is not UTF-8.')
  if (form.get('kind') !== 'openapi_v3') refuse('/kind', 'This must be "openapi_v3".')
  if (typeof name !== 'string' || name === '' || name.length > LIMITS.schemaNameCharactersMax) {
    refuse('/name', `This must be 1 to ${LIMITS.schemaNameCharactersMax} characters of text.`)
  }
  if (validation_enabled === undefined) {
    refuse('/validation_enabled', 'This must be "true" or "false".')
  }
  if (source === null || typeof name !== 'string' || validation_enabled === undefined) {
    return err(problems)
  }
  if (problems.length > 0) return err(problems)
  return ok({ kind: 'openapi_v3', name, source, validation_enabled })
}

async function textOf(part: File | string): Promise<string | null> {
  if (typeof part === 'string') return part
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      await part.arrayBuffer(),
    )
  } catch (cause) {
    if (cause instanceof TypeError) return null
    throw cause
  }
}

function pointingIntoTheForm(each: Problem): Problem {
  return each.pointer === '/source' ? { ...each, pointer: '/file' } : each
}

function detail({ number, message, locations }: SchemaWarning) {
  return { code: number, message, locations }
}
