/** Client certificates of a running shield, over its management API. */
import * as z from 'zod/mini'
import { err, ok, type Result } from '#engines/result'
import { callManagement, type ManagementCall, type ManagementFailure } from '../management-api.ts'
import type { Shield } from '../shield.ts'

const Certificate = z.object({
  id: z.string(),
  /** PEM. */
  certificate: z.string(),
  common_name: z.nullable(z.string()),
  organization: z.nullable(z.string()),
  status: z.string(),
  /** RFC 3339. */
  issued_on: z.string(),
  expires_on: z.string(),
  fingerprint_sha256: z.string(),
  serial_number: z.string(),
})

export type ListedCertificate = z.infer<typeof Certificate>

type Answered<T> = Promise<Result<T, ManagementFailure>>

export type IssueRequest = { readonly csr: string; readonly validity_days: number }

/** Has a certificate issued. */
export function issueCertificate(shield: Shield, body: IssueRequest): Answered<ListedCertificate> {
  return askForOne(shield, { method: 'POST', path: '/client_certificates', body })
}

export type ReissueRequest = {
  /** The request of the present certificate when it is left out. */
  readonly csr?: string
  readonly validity_days?: number
  readonly revoke_previous: boolean
}

/** Has a successor of a certificate issued, with the same subject. */
export function reissueCertificate(
  shield: Shield,
  id: string,
  body: ReissueRequest,
): Answered<ListedCertificate> {
  const path = `/portcullis/client_certificates/${encodeURIComponent(id)}/reissue`
  return askForOne(shield, { method: 'POST', path, body })
}

/** From the next request on the certificate no longer counts. */
export function revokeCertificate(shield: Shield, id: string): Answered<ListedCertificate> {
  const path = `/client_certificates/${encodeURIComponent(id)}`
  return askForOne(shield, { method: 'DELETE', path })
}

const PER_PAGE = 500
/** No zone has more pages: a server that never ends its list is not waited for. */
const PAGES_MAX = 1_000

/** One page after another, until one is empty. */
export async function* listCertificates(
  shield: Shield,
  status: string,
): AsyncGenerator<Result<readonly ListedCertificate[], ManagementFailure>> {
  for (let page = 1; page <= PAGES_MAX; page++) {
    const query = new URLSearchParams({ status, page: String(page), per_page: String(PER_PAGE) })
    const path = `/client_certificates?${query.toString()}`
    const answer = await ask(shield, { method: 'GET', path }, z.array(Certificate))
    yield answer
    if (!answer.ok || answer.value.length < PER_PAGE) return
  }
}

type ZoneCall = Pick<ManagementCall, 'method' | 'path' | 'body'>

function askForOne(shield: Shield, call: ZoneCall): Answered<ListedCertificate> {
  return ask(shield, call, Certificate)
}

async function ask<T>(
  { url, token, zoneId }: Shield,
  call: ZoneCall,
  shape: z.ZodMiniType<T>,
): Answered<T> {
  const path = `/zones/${zoneId}${call.path}`
  const answer = await callManagement({ ...call, url, token, path })
  if (!answer.ok) return answer
  const read = shape.safeParse(answer.value)
  return read.success ? ok(read.data) : err({ reason: 'not_a_shield', url, status: 200 })
}
