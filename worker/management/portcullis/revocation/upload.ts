/** A revocation list that the operator brings: DER or PEM as it is, or PEM in JSON. In force with the answer. */
import * as z from 'zod/mini'
import { ok, type Result } from '#engines/result'
import { readBody, readBytes } from '../../body.ts'
import { problem, type Problems } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { transact } from '../../transaction.ts'
import { describeListRefusal, replaceList } from './list-state.ts'
import { readList } from './refresh.ts'

const UPLOAD = z.object({ crl: z.string().check(z.minLength(1)) })

/** Replaces the list in force of the same issuer, unless that one is newer. */
export async function uploadRevocationList({
  ports,
  request,
  param,
  actor,
}: Call): Promise<Outcome> {
  const id = param('mtls_certificate_id')
  const stored = await ports.zone.read({ mtls_certificate: [id] })
  const [certificate] = stored.documents.mtls_certificate
  if (certificate === undefined) return problem('not_found')
  const bytes = await readUpload(request)
  if (!bytes.ok) return bytes
  const received = await readList(ports, certificate, { bytes: bytes.value, url: null })
  if (!received.ok) return problem('invalid_revocation_list', received.error)
  const newId = ports.uuid()
  const selection = { mtls_certificate: [id], revocation_list: 'all' } as const
  const transaction = { selection, actor, action: 'portcullis.revocation.upload' }
  return transact(ports, transaction, async (documents) => {
    if (documents.mtls_certificate.length === 0) return problem('not_found')
    const change = replaceList(documents.revocation_list, received.value, newId)
    if (change.ok) return ok({ ...change.value, result: change.value.list })
    const error = change.error.reason === 'older' ? 'revocation_list_older' : 'limit_reached'
    return problem(error, describeListRefusal(change.error))
  })
}

async function readUpload(request: Request): Promise<Result<Uint8Array<ArrayBuffer>, Problems>> {
  const bytesMax = LIMITS.revocationListBytesMax
  const [mediaType = ''] = (request.headers.get('content-type') ?? '').split(';')
  if (mediaType.trim().toLowerCase() !== 'application/json') return readBytes(request, bytesMax)
  const body = await readBody(request, UPLOAD, bytesMax)
  return body.ok ? ok(new Uint8Array(new TextEncoder().encode(body.value.crl))) : body
}
