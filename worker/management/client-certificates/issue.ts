/**
 * Issues one client certificate under the managed authority, as part of a transaction that has read AUTHORITY_SELECTION. The
 * certificate exists when `puts` are committed.
 */
import {
  issueClientCertificate,
  type IssueError,
  serialFrom,
  serialOctets,
  type SigningRequest,
} from '#engines/certificates'
import { ok, type Result } from '#engines/result'
import type { Documents, Put } from '../../storage/ports.ts'
import type { ClientCertificate } from '../../storage/resources/certificates.ts'
import { managedAuthority } from '../certificate-authorities/managed.ts'
import { problem, type Problems } from '../envelope.ts'
import { LIMITS } from '../limits.ts'
import type { ManagementPorts } from '../ports.ts'

export type CertificateOrder = {
  /** PEM, kept with the certificate. */
  readonly csr: string
  /** What is certified: the names and the key. */
  readonly request: SigningRequest
  readonly validityDays: number
}

type NewCertificate = { readonly certificate: ClientCertificate; readonly puts: readonly Put[] }

export async function issueCertificate(
  ports: ManagementPorts,
  documents: Documents,
  { csr, request, validityDays }: CertificateOrder,
): Promise<Result<NewCertificate, Problems>> {
  // A commit in between would make this transaction a conflict, so the count is as exact as what was read.
  const count = await ports.zone.count('client_certificate')
  const { clientCertificatesMax } = LIMITS
  if (count >= clientCertificatesMax) {
    return problem('limit_reached', `A zone holds at most ${clientCertificatesMax} certificates.`)
  }
  const managed = await managedAuthority(ports, documents)
  if (!managed.ok) return managed
  const { authority, privateKeyPkcs8, puts } = managed.value
  const issued = await issueClientCertificate({
    request,
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
  const put = { collection: 'client_certificate', id: certificate.id, body: certificate } as const
  return ok({ certificate, puts: [...puts, put] })
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
