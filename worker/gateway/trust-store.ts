/**
 * Whom the zone trusts to name clients: the managed authority and those that the operator uploaded, each for the hostnames
 * it is associated with. Remembers verdicts by the authorities that were asked and by fingerprint; revocation and expiry are
 * asked afresh at every request.
 */
import type { AuthorityBundle, PathLink } from '#engines/certificates'
import type { VerifiedCertificate } from '#engines/client-certificate'
import { logFailure } from '../log.ts'
import type { PublishedZone } from '../storage/collections.ts'
import { GATEWAY_LIMITS } from './limits.ts'
import { createRevocation, type Revocation } from './revocation.ts'
import { createSharedTexts, type SharedTexts } from './shared-texts.ts'
import type { CertificateEngine } from './stage.ts'
import { createWeighedMemory, type WeighedMemory } from './weighed-memory.ts'

export type TrustStore = {
  /** The authorities that count for the hostname; null when it asks its clients for no certificate. */
  authoritiesOf(hostname: string): AuthorityGroup | null
  /** All authorities of the zone: they tell a client of another hostname from a stranger. */
  readonly everyAuthority: AuthorityGroup
  /** Apart from each other: strangers must not crowd clients out. */
  readonly verified: WeighedMemory<Verified>
  readonly refused: WeighedMemory<Refused>
  readonly chains: SharedTexts
  readonly revocation: Revocation
  /** The zone it was made from. */
  readonly zone: PublishedZone
  /** Parsed bundles by authority; null for one that cannot be used. */
  readonly bundles: Map<string, AuthorityBundle | null>
}

/** Authorities that are asked together. */
export type AuthorityGroup = {
  /** The same for the same authorities, whichever hostname asks. */
  readonly key: string
  /** Parsed at the first certificate, then kept. */
  bundles(engine: CertificateEngine): readonly AuthorityBundle[]
}

/** What outlives the request in which a certificate was verified, until something on its path expires. */
export type Verified = {
  readonly verified: true
  readonly certificate: VerifiedCertificate
  readonly links: readonly PathLink[]
  /** Decimal. */
  readonly serialNumber: string
  readonly untilMs: number
}

/** Remembered for a short while, so that whoever asks again and again does not cost signature checks each time. */
export type Refused = {
  readonly verified: false
  readonly reason: string
  readonly untilMs: number
}

/** What was parsed and remembered is taken over from the previous store as long as the authorities are the same. */
export function createTrustStore(zone: PublishedZone, previous: TrustStore | null): TrustStore {
  const authorities = authoritiesOf(zone)
  const isKept = previous !== null && isSame(authorities, authoritiesOf(previous.zone))
  const bundles = isKept ? previous.bundles : new Map<string, AuthorityBundle | null>()
  const groupOf = (members: readonly Authority[]): AuthorityGroup => ({
    key: members.map(({ id }) => id).join(' '),
    bundles: (engine) => members.flatMap((member) => parse(member, { engine, bundles })),
  })
  const groups = groupsByHostname(zone, authorities, groupOf)
  return {
    authoritiesOf: (hostname) => groups.get(hostname) ?? null,
    everyAuthority: groupOf(authorities),
    verified: isKept
      ? previous.verified
      : createWeighedMemory(GATEWAY_LIMITS.rememberedCertificatesMax),
    refused: isKept
      ? previous.refused
      : createWeighedMemory(GATEWAY_LIMITS.rememberedCertificatesMax),
    chains: isKept ? previous.chains : createSharedTexts(),
    revocation: createRevocation(zone, previous?.revocation ?? null),
    zone,
    bundles,
  }
}

/** An authority as far as a verdict depends on it. */
type Authority = { readonly id: string; readonly pem: string; readonly allowSha1: boolean }

/** In the order of their ids, so that a group of the same ones is the same group. */
function authoritiesOf(zone: PublishedZone): readonly Authority[] {
  const managed = zone.certificate_authority.map(({ id, certificate }) => ({
    id,
    pem: certificate,
    allowSha1: false,
  }))
  const uploaded = zone.mtls_certificate.map(({ id, certificates, allow_sha1 }) => ({
    id,
    pem: certificates,
    allowSha1: allow_sha1,
  }))
  return [...managed, ...uploaded].toSorted((left, right) => (left.id < right.id ? -1 : 1))
}

function isSame(left: readonly Authority[], right: readonly Authority[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ id, pem, allowSha1 }, index) => {
      const other = right[index]
      return other?.id === id && other.pem === pem && other.allowSha1 === allowSha1
    })
  )
}

/** A hostname whose only authorities are gone still asks for certificates, and nobody has one. */
function groupsByHostname(
  zone: PublishedZone,
  authorities: readonly Authority[],
  groupOf: (members: readonly Authority[]) => AuthorityGroup,
): ReadonlyMap<string, AuthorityGroup> {
  const idsByHostname = new Map<string, Set<string>>()
  for (const { certificate_authority_id, hostnames } of zone.hostname_association) {
    for (const hostname of hostnames) {
      const ids = idsByHostname.get(hostname) ?? new Set()
      idsByHostname.set(hostname, ids.add(certificate_authority_id))
    }
  }
  return new Map(
    [...idsByHostname].map(([hostname, ids]) => [
      hostname,
      groupOf(authorities.filter(({ id }) => ids.has(id))),
    ]),
  )
}

type Parsing = {
  readonly engine: CertificateEngine
  readonly bundles: Map<string, AuthorityBundle | null>
}

/** An authority that cannot be used is left out and reported: its clients are refused, nobody else is let in. */
function parse(
  { id, pem, allowSha1 }: Authority,
  { engine, bundles }: Parsing,
): readonly AuthorityBundle[] {
  const known = bundles.get(id)
  if (known !== undefined) return known === null ? [] : [known]
  const read = engine.readAuthorityBundle(id, pem, { allowSha1 })
  bundles.set(id, read.ok ? read.value : null)
  if (read.ok) return [read.value]
  logFailure('authority_unusable', read.error.reason, { authority: id })
  return []
}
