/**
 * Whom the zone trusts to name clients: the authorities each hostname is associated with, and the certificates that were
 * revoked. Remembers verdicts by fingerprint; revocation and expiry are asked afresh at every request.
 */
import type { CertificateEngine } from './stage.ts'
import type { AuthorityCertificate, Verdict } from '#engines/certificates'
import { logFailure } from '../log.ts'
import type { PublishedZone } from '../storage/collections.ts'
import type { CertificateAuthority } from '../storage/resources.ts'
import { GATEWAY_LIMITS } from './limits.ts'

export type TrustStore = {
  /** Whether the hostname asks its clients for certificates. */
  covers(hostname: string): boolean
  trusts(hostname: string, authorityId: string): boolean
  /** Whether the certificate that this authority issued under this serial number was revoked. */
  isRevoked(authorityId: string, serialNumber: string): boolean
  /** Parsed at the first certificate, then kept. */
  authorities(engine: CertificateEngine): readonly AuthorityCertificate[]
  readonly verdicts: VerdictMemory
  /** The same authorities and remembered verdicts with the zone's present associations and revocations. */
  with(zone: PublishedZone): TrustStore
}

/** Keyed by what the verdict depends on; the oldest entry makes room. */
export type VerdictMemory = Map<string, Verdict>

export function createTrustStore(zone: PublishedZone): TrustStore {
  const stored = zone.certificate_authority
  let parsed: readonly AuthorityCertificate[] | null = null
  const authorities = (engine: CertificateEngine): readonly AuthorityCertificate[] => {
    parsed ??= stored.flatMap((authority) => parse(authority, engine))
    return parsed
  }
  return over(zone, { authorities, verdicts: new Map() })
}

export function remember(memory: VerdictMemory, key: string, verdict: Verdict): void {
  if (memory.size >= GATEWAY_LIMITS.rememberedCertificatesMax) {
    const [oldest] = memory.keys()
    if (oldest !== undefined) memory.delete(oldest)
  }
  memory.set(key, verdict)
}

function over(zone: PublishedZone, kept: Pick<TrustStore, 'authorities' | 'verdicts'>): TrustStore {
  const authorityIds = authoritiesByHostname(zone)
  const revoked = new Set(
    zone.client_certificate.map(
      ({ certificate_authority_id, serial_number }) =>
        `${certificate_authority_id} ${serial_number}`,
    ),
  )
  return {
    ...kept,
    covers: (hostname) => authorityIds.has(hostname),
    trusts: (hostname, authorityId) => authorityIds.get(hostname)?.has(authorityId) ?? false,
    isRevoked: (authorityId, serialNumber) => revoked.has(`${authorityId} ${serialNumber}`),
    with: (changed) => over(changed, kept),
  }
}

function authoritiesByHostname(zone: PublishedZone): ReadonlyMap<string, ReadonlySet<string>> {
  const map = new Map<string, Set<string>>()
  for (const { certificate_authority_id, hostnames } of zone.hostname_association) {
    for (const hostname of hostnames) {
      const ids = map.get(hostname) ?? new Set()
      map.set(hostname, ids.add(certificate_authority_id))
    }
  }
  return map
}

/** An authority that cannot be used is left out and reported: its clients are refused, nobody else is let in. */
function parse(
  { id, certificate }: CertificateAuthority,
  engine: CertificateEngine,
): AuthorityCertificate[] {
  const authority = engine.readAuthority(id, certificate)
  if (authority.ok) return [authority.value]
  logFailure('authority_unusable', authority.error.reason, { authority: id })
  return []
}
