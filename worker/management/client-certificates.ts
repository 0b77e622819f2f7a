/**
 * Client certificates, issued by the managed authority for a signing request. They are never deleted: DELETE revokes and
 * PATCH `reactivate` takes that back. Both take effect with the answer, so the two `pending_…` states never appear.
 */
import * as z from 'zod/mini'
import {
  issueClientCertificate,
  type IssueError,
  readSigningRequest,
  serialFrom,
  serialOctets,
} from '#engines/certificates'
import { ok } from '#engines/result'
import type { ClientCertificate } from '../storage/resources.ts'
import { readBody } from './body.ts'
import { AUTHORITY_SELECTION, managedAuthority } from './certificate-authorities/managed.ts'
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
  const selection = { ...AUTHORITY_SELECTION, client_certificate: 'all' as const }
  const transaction = { selection, actor, action: 'client_certificates.create' }
  return transact(ports, transaction, async (documents) => {
    if (documents.client_certificate.length >= LIMITS.clientCertificatesMax) {
      return problem(
        'limit_reached',
        `A zone holds at most ${LIMITS.clientCertificatesMax} certificates.`,
      )
    }
    const managed = await managedAuthority(ports, documents)
    if (!managed.ok) return managed
    const { authority, privateKeyPkcs8, puts } = managed.value
    const issued = await issueClientCertificate({
      request: signingRequest.value,
      authority: { certificate: authority.certificate, privateKeyPkcs8 },
      validityDays,
      nowMs: ports.nowMs(),
      serial: serialFrom(ports.random(serialOctets)),
    })
    if (!issued.ok) return issueProblem(issued.error)
    const certificate: ClientCertificate = {
      id: ports.uuid(),
      ...issued.value,
      certificate_authority: { id: authority.id, name: authority.name },
      csr,
      status: 'active',
    }
    const { id } = certificate
    return ok({
      puts: [...puts, { collection: 'client_certificate', id, body: certificate }],
      deletes: [],
      result: certificate,
    })
  })
}

export async function listClientCertificates({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const status = readWord(query, 'status', STATUSES)
  if (!status.ok) return status
  const { documents } = await ports.zone.read({ client_certificate: 'all' })
  const wanted = status.value ?? 'all'
  const certificates = documents.client_certificate.filter(
    (certificate) => wanted === 'all' || certificate.status === wanted,
  )
  return ok(paginate(certificates, page.value))
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

function issueProblem(error: IssueError): ReturnType<typeof problem> {
  switch (error.reason) {
    case 'validity_out_of_range':
      return problem(
        'invalid_body',
        `This must be from ${error.daysMin} to ${error.daysMax}.`,
        '/validity_days',
      )
    case 'outlives_authority':
      return problem(
        'invalid_body',
        `The certificate would outlive its authority; at most ${error.daysMax} days are possible.`,
        '/validity_days',
      )
    case 'serial_out_of_range':
      throw new Error('a fresh serial is always in range')
    case 'authority_unusable':
      return problem('authority_unusable')
  }
}
