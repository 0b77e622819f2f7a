/**
 * What a revocation list that was received changes. There is one list in force for each distribution point of each issuer
 * under an authority; a newer one replaces it in place, an older one never does, and the same one again changes nothing.
 */
import type { ReadRevocationList } from '#engines/certificates'
import { err, ok, type Result } from '#engines/result'
import type { Delete, Put } from '../../../storage/ports.ts'
import type { RevocationList } from '../../../storage/resources/certificates.ts'
import { LIMITS } from '../../limits.ts'

export type Received = {
  readonly mtlsCertificateId: string
  /** As the certificates engine read and verified it. */
  readonly read: ReadRevocationList
  readonly sha256: string
  /** Null when it was uploaded. */
  readonly url: string | null
  readonly receivedAtMs: number
}

export type ListChange = {
  readonly list: RevocationList
  readonly puts: readonly Put[]
  readonly deletes: readonly Delete[]
}

export type ListRefusal =
  | { readonly reason: 'older'; readonly inForce: RevocationList }
  | { readonly reason: 'too_many_serials'; readonly charactersMax: number }

/** `stored` are all lists of the zone; `newId` names the list if there is none in its place yet. */
export function replaceList(
  stored: readonly RevocationList[],
  received: Received,
  newId: string,
): Result<ListChange, ListRefusal> {
  const { mtlsCertificateId, read } = received
  const inForce = stored.find(
    (list) =>
      list.mtls_certificate_id === mtlsCertificateId &&
      list.issuer_spki_sha256 === read.issuerSpkiSha256 &&
      // An authority that was renamed may sign for both of its names.
      list.issuer === read.issuer &&
      list.point_sha256 === read.pointSha256,
  )
  if (inForce?.sha256 === received.sha256) return ok({ list: inForce, puts: [], deletes: [] })
  if (inForce !== undefined && isOlder(read, inForce)) return err({ reason: 'older', inForce })
  const list = describe(received, inForce?.id ?? newId)
  const others = stored.filter((other) => other !== inForce)
  const characters = others.reduce((sum, other) => sum + other.characters, list.characters)
  const { revocationCharactersTotalMax: charactersMax } = LIMITS
  if (characters > charactersMax) return err({ reason: 'too_many_serials', charactersMax })
  const parts = read.parts.map((serials, number): Put => {
    const [id = ''] = partIds(list.id, number, number + 1)
    const body = { revocation_list_id: list.id, number, serials }
    return { collection: 'revocation_list_part', id, body }
  })
  const leftOver = partIds(list.id, list.parts, inForce?.parts ?? 0)
  return ok({
    list,
    puts: [{ collection: 'revocation_list', id: list.id, body: list }, ...parts],
    deletes: leftOver.map((id) => ({ collection: 'revocation_list_part', id })),
  })
}

export function describeListRefusal(refusal: ListRefusal): string {
  switch (refusal.reason) {
    case 'older':
      return `It is older than the list in force, which is of ${refusal.inForce.this_update}.`
    case 'too_many_serials':
      return `The serial numbers of all lists together may have at most ${refusal.charactersMax} characters in base64.`
  }
}

/** A list with all of its parts. */
export function removingList({ id, parts }: RevocationList): readonly Delete[] {
  return [
    { collection: 'revocation_list', id },
    ...partIds(id, 0, parts).map((part): Delete => {
      return { collection: 'revocation_list_part', id: part }
    }),
  ]
}

/** The documents of the parts from one number up to, and without, another. */
function partIds(listId: string, from: number, to: number): readonly string[] {
  const count = Math.max(0, to - from)
  return Array.from({ length: count }, (_, index) => `${listId}/${from + index}`)
}

/** By number where both have one (RFC 5280 §5.2.3: it only grows), and by date. */
function isOlder(read: ReadRevocationList, inForce: RevocationList): boolean {
  if (read.thisUpdate * 1000 < Date.parse(inForce.this_update)) return true
  if (read.crlNumber === null || inForce.crl_number === null) return false
  return BigInt(read.crlNumber) < BigInt(inForce.crl_number)
}

function describe(received: Received, id: string): RevocationList {
  const { mtlsCertificateId, read, sha256, url, receivedAtMs } = received
  return {
    id,
    mtls_certificate_id: mtlsCertificateId,
    issuer_spki_sha256: read.issuerSpkiSha256,
    issuer: read.issuer,
    point_sha256: read.pointSha256,
    crl_number: read.crlNumber,
    this_update: isoOf(read.thisUpdate),
    next_update: read.nextUpdate === null ? null : isoOf(read.nextUpdate),
    entries: read.entries,
    parts: read.parts.length,
    characters: read.parts.reduce((sum, { length }) => sum + length, 0),
    sha256,
    url,
    received_at: new Date(receivedAtMs).toISOString(),
  }
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
