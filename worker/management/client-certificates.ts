/**
 * Client certificates, issued by the managed authority for a signing request. They are never deleted: DELETE revokes and
 * PATCH `reactivate` takes that back. Both take effect with the answer, so the two `pending_…` states never appear.
 */
import * as z from 'zod/mini'
import { readSigningRequest } from '#engines/certificates'
import { ok } from '#engines/result'
import { readBody } from './body.ts'
import { AUTHORITY_SELECTION } from './certificate-authorities/managed.ts'
import { issueCertificate } from './client-certificates/issue.ts'
import { problem } from './envelope.ts'
import type { Call, Outcome } from './handler.ts'
import { LIMITS } from './limits.ts'
import { paginate, readPage, readWord } from './pagination.ts'
import { transact } from './transaction.ts'

const STATUSES = ['all', 'active', 'pending_reactivation', 'pending_revocation', 'revoked'] as const

const REQUEST = z.object({
  csr: z.string().check(z.maxLength(LIMITS.csrCharactersMax)),
  validity_days: z.int().check(z.minimum(1), z.maximum(LIMITS.validityDaysMax)),
})

const CHANGE = z.object({ reactivate: z.optional(z.boolean()) })

export async function createClientCertificate({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, REQUEST)
  if (!body.ok) return body
  const { csr, validity_days: validityDays } = body.value
  const signingRequest = await readSigningRequest(csr)
  if (!signingRequest.ok) return problem('invalid_csr', signingRequest.error.message, '/csr')
  const transaction = {
    selection: AUTHORITY_SELECTION,
    actor,
    action: 'client_certificates.create',
  }
  return transact(ports, transaction, async (documents) => {
    const order = { csr, request: signingRequest.value, validityDays }
    const issued = await issueCertificate(ports, documents, order)
    if (!issued.ok) return issued
    const { certificate, puts } = issued.value
    return ok({ puts, deletes: [], result: certificate })
  })
}

/** Ten thousand certificates do not fit into one answer of the Zone object, so the page is found first and read then. */
export async function listClientCertificates({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const status = readWord(query, 'status', STATUSES)
  if (!status.ok) return status
  const outline = await ports.zone.outline('client_certificate', ['id', 'status'])
  const wanted = status.value ?? 'all'
  const matching = outline.filter((each) => wanted === 'all' || each.status === wanted)
  const { result, ...answer } = paginate(matching, page.value)
  const { documents } = await ports.zone.read({ client_certificate: result.map(({ id }) => id) })
  return ok({ ...answer, result: documents.client_certificate })
}

export async function getClientCertificate({ ports, param }: Call): Promise<Outcome> {
  const id = param('client_certificate_id')
  const { documents } = await ports.zone.read({ client_certificate: [id] })
  const certificate = documents.client_certificate[0]
  return certificate === undefined ? problem('not_found') : ok({ result: certificate })
}

export async function editClientCertificate(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, CHANGE)
  if (!body.ok) return body
  if (body.value.reactivate !== true) return getClientCertificate(call)
  return setStatus(call, 'active', 'client_certificates.reactivate')
}

export async function deleteClientCertificate(call: Call): Promise<Outcome> {
  return setStatus(call, 'revoked', 'client_certificates.revoke')
}

async function setStatus(
  { ports, param, actor }: Call,
  status: 'active' | 'revoked',
  action: string,
): Promise<Outcome> {
  const id = param('client_certificate_id')
  const transaction = { selection: { client_certificate: [id] }, actor, action }
  return transact(ports, transaction, async (documents) => {
    const stored = documents.client_certificate[0]
    if (stored === undefined) return problem('not_found')
    if (stored.status === status) return ok({ puts: [], deletes: [], result: stored })
    if (status === 'active' && Date.parse(stored.expires_on) <= ports.nowMs()) {
      return problem('certificate_expired')
    }
    const result = { ...stored, status }
    return ok({
      puts: [{ collection: 'client_certificate', id, body: result }],
      deletes: [],
      result,
    })
  })
}
