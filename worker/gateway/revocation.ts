/**
 * Which verified certificates were revoked: those of the managed authority by their serial numbers, those under uploaded
 * authorities by the revocation lists of each issuer on the path, whichever authority a list was brought for: a client may
 * choose among paths. Lists are decoded once, when a client under their issuer first comes; from then on a request costs a
 * binary search for each certificate of its path.
 */
import type { PathLink, SerialSet } from '#engines/certificates'
import type { PublishedZone } from '../storage/collections.ts'
import { areKept } from './kept.ts'
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
  /** Whether `ask` can answer about this path without `open`. */
  isOpen(path: VerifiedPathNames): boolean
  /** Decodes the lists of the issuers on a path. Throws when one is not as it was stored. */
  open(path: VerifiedPathNames, engine: Pick<CertificateEngine, 'openSerials'>): void
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
  const before = previous?.source
  const areListsKept = areKept(before, zone, 'revocation_list', 'revocation_list_part')
  if (
    previous !== null &&
    areListsKept &&
    areKept(before, zone, 'client_certificate', 'mtls_certificate')
  ) {
    return previous
  }
  const serials =
    previous !== null && areListsKept ? previous.serials : new Map<string, SerialSet>()
  const parts = partsByList(zone)
  const authorities = uploadedAuthorities(zone)
  const byIssuer = Map.groupBy(zone.revocation_list.map(listOf), ({ issuer }) => issuer)
  const managed = new Set(zone.client_certificate.map(managedKey))

  return {
    isOpen: ({ links }) =>
      links.every(
        ({ issuerSpkiSha256 }) =>
          byIssuer.get(issuerSpkiSha256)?.every(({ id }) => serials.has(id)) ?? true,
      ),
    open({ links }, engine) {
      const lists = links.flatMap(({ issuerSpkiSha256 }) => byIssuer.get(issuerSpkiSha256) ?? [])
      for (const { id } of lists) {
        if (serials.has(id)) continue
        const read = engine.openSerials(parts.get(id) ?? [])
        if (!read.ok) throw new Error(`revocation list ${id}: part ${read.error.part} is damaged`)
        serials.set(id, read.value)
      }
    },
    ask(path, nowMs) {
      const { authorityId: certificate_authority_id, serialNumber: serial_number } = path
      if (managed.has(managedKey({ certificate_authority_id, serial_number }))) return REVOKED
      return askLists({
        path,
        authority: authorities.get(path.authorityId),
        byIssuer,
        serials,
        nowMs,
      })
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
  readonly authorityId: string
  /** SHA-256 of its SubjectPublicKeyInfo, lower-case hex. */
  readonly issuer: string
  /** Infinite when the list does not say when the next one comes. */
  readonly staleFromMs: number
}

type UploadedAuthority = {
  /** What becomes of clients about whom the lists cannot tell. */
  readonly acceptsUnknown: boolean
  /** Whether lists are fetched for it, so that there should be one. */
  readonly expectsLists: boolean
}

const NO_LISTS: readonly List[] = []

type Question = {
  readonly path: VerifiedPathNames
  /** Absent for the managed one, which has no lists of its own. */
  readonly authority: UploadedAuthority | undefined
  readonly byIssuer: ReadonlyMap<string, readonly List[]>
  readonly serials: ReadonlyMap<string, SerialSet>
  readonly nowMs: number
}

/**
 * Every list of an issuer revokes what is in it, a stale one too. Those of the path's own authority must all be current:
 * each may speak of other certificates. Where lists are fetched there must be one of whoever issued the leaf. Of any other
 * issuer without a list nothing is known, and its certificates count.
 */
function askLists({ path, authority, byIssuer, serials, nowMs }: Question): RevocationAnswer {
  const isOwn = ({ authorityId }: List): boolean => authorityId === path.authorityId
  let isStale = false
  let isMissing = false
  for (const [position, { issuerSpkiSha256, serial }] of path.links.entries()) {
    const lists = byIssuer.get(issuerSpkiSha256) ?? NO_LISTS
    if (lists.some(({ id }) => opened(serials, id).has(serial))) {
      return position === 0 ? REVOKED : ISSUER_REVOKED
    }
    const isAwaited = position === 0 && authority?.expectsLists === true
    // What was brought for another authority may have been left to grow old there; it counts where none came.
    const binding = isAwaited && !lists.some(isOwn) ? lists : lists.filter(isOwn)
    isStale ||= binding.some(({ staleFromMs }) => nowMs >= staleFromMs)
    isMissing ||= isAwaited && lists.length === 0
  }
  if (!isStale && !isMissing) return GOOD
  return {
    status: 'unknown',
    reason: isMissing ? 'revocation_list_missing' : 'revocation_list_stale',
    accepted: authority?.acceptsUnknown === true,
  }
}

function opened(serials: ReadonlyMap<string, SerialSet>, id: string): SerialSet {
  const list = serials.get(id)
  if (list === undefined) throw new Error(`revocation list ${id} was not opened`)
  return list
}

function listOf(list: PublishedZone['revocation_list'][number]): List {
  const { id, mtls_certificate_id: authorityId, issuer_spki_sha256: issuer, next_update } = list
  const staleFromMs = next_update === null ? Number.POSITIVE_INFINITY : Date.parse(next_update)
  return { id, authorityId, issuer, staleFromMs }
}

function uploadedAuthorities(zone: PublishedZone): ReadonlyMap<string, UploadedAuthority> {
  return new Map(
    zone.mtls_certificate.map(({ id, revocation: { crl_urls, on_stale } }) => [
      id,
      { acceptsUnknown: on_stale === 'accept', expectsLists: crl_urls.length > 0 },
    ]),
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
