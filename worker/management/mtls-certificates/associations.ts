/** What uses an uploaded authority: API Shield does, when hostnames are associated with it. */
import { ok } from '#engines/result'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'

export async function getMtlsCertificateAssociations({ ports, param }: Call): Promise<Outcome> {
  const id = param('mtls_certificate_id')
  const selection = { mtls_certificate: [id], hostname_association: [id] } as const
  const { documents } = await ports.zone.read(selection)
  if (documents.mtls_certificate.length === 0) return problem('not_found')
  const used = documents.hostname_association.filter(({ hostnames }) => hostnames.length > 0)
  // An association is in force when it is answered.
  return ok({ result: used.map(() => ({ service: 'API Shield', status: 'active' })) })
}
