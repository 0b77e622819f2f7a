/**
 * Which verified certificates were revoked: those of the managed authority by their serial numbers, those under uploaded
 * authorities by the revocation lists of each issuer on the path. Lists are decoded once, when a client of their authority
 * first comes; from then on a request costs a binary search for each certificate of its path.
 */
import type { PathLink, SerialSet } from '#engines/certificates'
import type { PublishedZone } from '../storage/collections.ts'
import type { CertificateEngine } from './stage.ts'

/** What is asked about. */
export type VerifiedPathNames = {
  readonly authorityId: string
  /** Decimal, of the leaf. */
  readonly serialNumber: string
  /** Leaf first; see PathLink. */
  readonly links: readonly PathLink[]
}

/** `accepted`: the lists cannot tell, and the operator said that such clients count all the same. */
type RevocationAnswer =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly reason: 'revoked' | 'issuer_revoked' }
  | {
      readonly status: 'unknown'
      readonly reason: 'revocation_list_stale' | 'revocation_list_missing'
      readonly accepted: boolean
    }

export type Revocation = {
  /** Whether `ask` can answer for this authority without `open`. */
  isOpen(authorityId: string): boolean
  /** Decodes the lists of an authority. Throws when one is not as it was stored. */
  open(authorityId: string, engine: Pick<CertificateEngine, 'openSerials'>): void
  ask(path: VerifiedPathNames, nowMs: number): RevocationAnswer
  /** What it was made from. */
  readonly source: Source
  /** Decoded lists by id. */
  readonly serials: Map<string, SerialSet>
}

type Source = Pick<
  PublishedZone,
  'client_certificate' | 'mtls_certificate' | 'revocation_list' | 'revocation_list_part'
>

/** The previous one where nothing has changed; decoded lists are taken over as long as no list has. */
export function createRevocation(zone: PublishedZone, previous: Revocation | null): Revocation {
  const isKept = (...collections: readonly (keyof Source)[]): boolean =>
    collections.every((collection) => previous?.source[collection] === zone[collection])
  const areListsKept = isKept('revocation_list', 'revocation_list_part')
  if (previous !== null && areListsKept && isKept('client_certificate', 'mtls_certificate')) {
    return previous
  }
  const serials =
    previous !== null && areListsKept ? previous.serials : new Map<string, SerialSet>()
  const parts = partsByList(zone)
  const authorities = uploadedAuthorities(zone)
  const managed = new Set(zone.client_certificate.map(managedKey))

  return {
    isOpen: (authorityId) =>
      authorities.get(authorityId)?.lists.every(({ id }) => serials.has(id)) ?? true,
    open(authorityId, engine) {
      for (const { id } of authorities.get(authorityId)?.lists ?? []) {
        if (serials.has(id)) continue
        const opened = engine.openSerials(parts.get(id) ?? [])
        if (!opened.ok)
          throw new Error(`revocation list ${id}: part ${opened.error.part} is damaged`)
        serials.set(id, opened.value)
      }
    },
    ask(path, nowMs) {
      const { authorityId: certificate_authority_id, serialNumber: serial_number } = path
      if (managed.has(managedKey({ certificate_authority_id, serial_number }))) return REVOKED
      const authority = authorities.get(path.authorityId)
      return authority === undefined ? GOOD : askLists({ path, authority, serials, nowMs })
    },
    source: sourceOf(zone),
    serials,
  }
}

/** Without the rest of the zone, which would otherwise outlive its successors. */
function sourceOf({
  client_certificate,
  mtls_certificate,
  revocation_list,
  revocation_list_part,
}: PublishedZone): Source {
  return { client_certificate, mtls_certificate, revocation_list, revocation_list_part }
}

const GOOD: RevocationAnswer = { status: 'good' }
const REVOKED: RevocationAnswer = { status: 'revoked', reason: 'revoked' }
const ISSUER_REVOKED: RevocationAnswer = { status: 'revoked', reason: 'issuer_revoked' }

type List = {
  readonly id: string
  /** Infinite when the list does not say when the next one comes. */
  readonly staleFromMs: number
}

type UploadedAuthority = {
  /** What becomes of clients about whom the lists cannot tell. */
  readonly acceptsUnknown: boolean
  /** Whether lists are fetched for it, so that there should be one. */
  readonly expectsLists: boolean
  readonly lists: readonly List[]
  readonly byIssuer: ReadonlyMap<string, readonly List[]>
}

type Question = {
  readonly path: VerifiedPathNames
  readonly authority: UploadedAuthority
  readonly serials: ReadonlyMap<string, SerialSet>
  readonly nowMs: number
}

/** Of an issuer without a list nothing is known, and its certificates count. A stale list still revokes what is in it. */
function askLists({ path, authority, serials, nowMs }: Question): RevocationAnswer {
  const { byIssuer, acceptsUnknown: accepted } = authority
  if (authority.lists.length === 0) {
    if (!authority.expectsLists) return GOOD
    return { status: 'unknown', reason: 'revocation_list_missing', accepted }
  }
  let isStale = false
  for (const [position, { issuerSpkiSha256, serial }] of path.links.entries()) {
    for (const { id, staleFromMs } of byIssuer.get(issuerSpkiSha256) ?? []) {
      const list = serials.get(id)
      if (list === undefined) throw new Error(`revocation list ${id} was not opened`)
      if (list.has(serial)) return position === 0 ? REVOKED : ISSUER_REVOKED
      if (nowMs >= staleFromMs) isStale = true
    }
  }
  return isStale ? { status: 'unknown', reason: 'revocation_list_stale', accepted } : GOOD
}

function uploadedAuthorities(zone: PublishedZone): ReadonlyMap<string, UploadedAuthority> {
  return new Map(
    zone.mtls_certificate.map(({ id: authorityId, revocation }) => {
      const lists = zone.revocation_list
        .filter(({ mtls_certificate_id }) => mtls_certificate_id === authorityId)
        .map(({ id, issuer_spki_sha256, next_update }) => ({
          id,
          issuer: issuer_spki_sha256,
          staleFromMs: next_update === null ? Number.POSITIVE_INFINITY : Date.parse(next_update),
        }))
      const authority = {
        acceptsUnknown: revocation.on_stale === 'accept',
        expectsLists: revocation.crl_urls.length > 0,
        lists,
        byIssuer: Map.groupBy(lists, ({ issuer }) => issuer),
      }
      return [authorityId, authority]
    }),
  )
}

/** The texts of the parts of each list; the engine asks for no order. */
function partsByList({ revocation_list_part }: PublishedZone): ReadonlyMap<string, string[]> {
  const parts = new Map<string, string[]>()
  for (const { revocation_list_id, serials } of revocation_list_part) {
    const known = parts.get(revocation_list_id)
    if (known === undefined) parts.set(revocation_list_id, [serials])
    else known.push(serials)
  }
  return parts
}

function managedKey(revoked: PublishedZone['client_certificate'][number]): string {
  return `${revoked.certificate_authority_id} ${revoked.serial_number}`
}
