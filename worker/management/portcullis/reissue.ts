/**
 * Issues a client certificate again before it expires: the same names, a new serial number and new dates, and the same key
 * unless another request brings one. Nothing else points to the new certificate; rules that pin the old one are the
 * operator's to change.
 */
import * as z from 'zod/mini'
import { readSigningRequest, type SigningRequest } from '#engines/certificates'
import { ok, type Result } from '#engines/result'
import type { ClientCertificate } from '../../storage/resources/certificates.ts'
import { readBody } from '../body.ts'
import { AUTHORITY_SELECTION } from '../certificate-authorities/managed.ts'
import { issueCertificate } from '../client-certificates/issue.ts'
import { problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { transact } from '../transaction.ts'

const REQUEST = z.object({
  csr: z.optional(z.string().check(z.maxLength(LIMITS.csrCharactersMax))),
  validity_days: z.optional(z.int().check(z.minimum(1), z.maximum(LIMITS.validityDaysMax))),
  revoke_previous: z.optional(z.boolean()),
})

/** An expired certificate may be issued again, a revoked one not: its key may be in other hands. */
export async function reissueClientCertificate({
  ports,
  request,
  param,
  actor,
}: Call): Promise<Outcome> {
  const body = await readBody(request, REQUEST)
  if (!body.ok) return body
  const { csr, validity_days, revoke_previous = false } = body.value
  const id = param('client_certificate_id')
  const selection = { ...AUTHORITY_SELECTION, client_certificate: [id] }
  const transaction = { selection, actor, action: 'portcullis.client_certificates.reissue' }
  return transact(ports, transaction, async (documents) => {
    const [previous] = documents.client_certificate
    if (previous === undefined) return problem('not_found')
    if (previous.status === 'revoked') return problem('certificate_revoked')
    const renewed = await readRenewal(previous, csr)
    if (!renewed.ok) return renewed
    const issued = await issueCertificate(ports, documents, {
      csr: csr ?? previous.csr,
      request: renewed.value,
      validityDays: validity_days ?? previous.validity_days,
    })
    if (!issued.ok) return issued
    const { certificate, puts } = issued.value
    const revoked = { ...previous, status: 'revoked' } as const
    const revocation = revoke_previous
      ? [{ collection: 'client_certificate', id, body: revoked } as const]
      : []
    return ok({ puts: [...puts, ...revocation], deletes: [], result: certificate })
  })
}

/** The previous names with the key that is asked for. Another request must not ask for other names. */
async function readRenewal(
  previous: ClientCertificate,
  csr: string | undefined,
): Promise<Result<SigningRequest, Problems>> {
  const before = await readSigningRequest(previous.csr)
  if (!before.ok) throw new Error(`the stored request of ${previous.id} cannot be read`)
  if (csr === undefined) return before
  const asked = await readSigningRequest(csr)
  if (!asked.ok) return problem('invalid_csr', asked.error.message, '/csr')
  if (asked.value.subject.comparable !== before.value.subject.comparable) {
    return problem('invalid_csr', 'The request names another subject than the certificate.', '/csr')
  }
  const names = namesOf(asked.value)
  if (names !== '' && names !== namesOf(before.value)) {
    return problem(
      'invalid_csr',
      'The request has other alternative names than the certificate. Ask for the same, or for none to keep them.',
      '/csr',
    )
  }
  return ok({ ...before.value, publicKey: asked.value.publicKey })
}

function namesOf({ alternativeNames }: SigningRequest): string {
  return alternativeNames
    .map(({ type, value }) => `${type} ${value}`)
    .toSorted()
    .join('\n')
}
