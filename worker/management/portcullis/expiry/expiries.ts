/**
 * Everything of the zone that clients stop being let in for on a known date: client certificates, authorities, and revocation
 * lists. Read in outlines, because ten thousand certificates do not fit into one answer of the Zone object.
 */
import { describeAuthority } from '#engines/certificates'
import { certificatesOf, readManagedBundle } from '../../mtls-certificates/bundle.ts'
import type { ManagementPorts } from '../../ports.ts'

export type Expiry = {
  readonly kind:
    | 'client_certificate'
    | 'mtls_certificate'
    | 'certificate_authority'
    | 'revocation_list'
  readonly id: string
  readonly name: string
  readonly expires_on: string
  /** From the beginning of its validity; null when that does not matter, because an authority is never short-lived. */
  readonly lifetimeDays: number | null
}

const DAY_MS = 86_400_000

/** Soonest first. A client certificate that was revoked or has expired is nobody's loss any more; the others still are. */
export async function readExpiries(ports: ManagementPorts): Promise<readonly Expiry[]> {
  const kinds = [ofClients, ofUploadedAuthorities, ofManagedAuthority, ofLists]
  const expiries = await Promise.all(kinds.map((read) => read(ports)))
  return expiries.flat().toSorted((a, b) => Date.parse(a.expires_on) - Date.parse(b.expires_on))
}

/** Whole days; negative once it has expired. */
export function daysLeft({ expires_on }: Expiry, nowMs: number): number {
  return Math.floor((Date.parse(expires_on) - nowMs) / DAY_MS)
}

async function ofClients({ zone, nowMs }: ManagementPorts): Promise<readonly Expiry[]> {
  const certificates = await zone.outline('client_certificate', [
    'id',
    'common_name',
    'expires_on',
    'validity_days',
    'status',
  ])
  const now = nowMs()
  return certificates
    .filter(({ status }) => status === 'active')
    .filter(({ expires_on }) => Date.parse(expires_on) > now)
    .map(({ id, common_name, expires_on, validity_days }) => {
      const name = common_name ?? ''
      return { kind: 'client_certificate', id, name, expires_on, lifetimeDays: validity_days }
    })
}

async function ofUploadedAuthorities({ zone }: ManagementPorts): Promise<readonly Expiry[]> {
  const members = ['id', 'name', 'issuer', 'expires_on'] as const
  const authorities = await zone.outline('mtls_certificate', members)
  return authorities.map(({ id, name, issuer, expires_on }) => {
    return { kind: 'mtls_certificate', id, name: name || issuer, expires_on, lifetimeDays: null }
  })
}

async function ofManagedAuthority({ zone }: ManagementPorts): Promise<readonly Expiry[]> {
  const { documents } = await zone.read({ certificate_authority: 'all' })
  return documents.certificate_authority.flatMap((authority) => {
    const bundle = readManagedBundle(authority)
    const [anchor] = bundle === null ? [] : certificatesOf(bundle)
    if (anchor === undefined) return []
    const { id, name } = authority
    const { expires_on } = describeAuthority(anchor)
    return [{ kind: 'certificate_authority', id, name, expires_on, lifetimeDays: null }]
  })
}

async function ofLists({ zone }: ManagementPorts): Promise<readonly Expiry[]> {
  const members = ['id', 'issuer', 'this_update', 'next_update'] as const
  const lists = await zone.outline('revocation_list', members)
  return lists.flatMap(({ id, issuer, this_update, next_update }) => {
    if (next_update === null) return []
    const lifetimeDays = (Date.parse(next_update) - Date.parse(this_update)) / DAY_MS
    return [{ kind: 'revocation_list', id, name: issuer, expires_on: next_update, lifetimeDays }]
  })
}
