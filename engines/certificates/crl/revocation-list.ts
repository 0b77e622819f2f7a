/**
 * From the bytes of a list that an operator uploads or a schedule fetches to what is stored: whose it is, how long it holds,
 * and its serial numbers packed. Takes only lists that speak of every certificate of their issuer, since requests are later
 * judged by issuer and serial number alone; the others are refused by name.
 */
import { err, ok, type Result } from '#engines/result'

import type { Certificate } from '../certificate.ts'
import { readExtensions } from '../extensions.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { formatRfc2253 } from '../names.ts'
import { spkiSha256 } from '../spki-digest.ts'
import { allReasons } from './distribution-points.ts'
import type { CrlFailure } from './failures.ts'
import { readCrl, type Crl } from './list.ts'
import { packSerials } from './serials.ts'
import { mayBeSigner, verifyCrl } from './signer.ts'

export type RevocationListInput = {
  /** DER or PEM. */
  readonly bytes: Uint8Array
  /** Certificates of the authority: one of them must have signed the list. */
  readonly issuers: readonly Certificate[]
  readonly nowMs: number
  /** Whether this authority may sign with SHA-1. */
  readonly allowSha1: boolean
}

export type ReadRevocationList = {
  /** SHA-256 of the issuer's SubjectPublicKeyInfo, lower-case hex. */
  readonly issuerSpkiSha256: string
  /** RFC 2253. */
  readonly issuer: string
  /**
   * SHA-256 of the names of its distribution point, lower-case hex; null when it has none. Lists of one issuer with
   * different ones stand beside each other: each speaks of the certificates of its own point (§5.2.5).
   */
  readonly pointSha256: string | null
  /** Decimal; null for a version 1 list. */
  readonly crlNumber: string | null
  /** Seconds since 1970. */
  readonly thisUpdate: number
  readonly nextUpdate: number | null
  /** How many different serial numbers. */
  readonly entries: number
  /** As `openSerials` takes them. */
  readonly parts: readonly string[]
}

/** Reads, verifies and packs one list. A list past its nextUpdate is taken: what it revokes stays revoked. */
export async function readRevocationList(
  input: RevocationListInput,
): Promise<Result<ReadRevocationList, CrlFailure>> {
  const read = readCrl(input.bytes)
  if (!read.ok) return read
  const crl = read.value
  const signer = await findSigner(crl, input)
  if (!signer.ok) return signer
  const refusal = refuseTime(crl, input.nowMs) ?? refuseScope(crl, signer.value)
  if (refusal !== null) return err(refusal)
  const { entries, parts } = packSerials(crl.entries)
  return ok({
    issuerSpkiSha256: await spkiSha256(signer.value),
    issuer: formatRfc2253(crl.issuer),
    pointSha256: await pointSha256(crl),
    crlNumber: crl.number?.toString() ?? null,
    thisUpdate: crl.thisUpdate,
    nextUpdate: crl.nextUpdate,
    entries,
    parts,
  })
}

/** The first that has signed it; otherwise why the last of them has not. */
async function findSigner(
  crl: Crl,
  { issuers, allowSha1 }: RevocationListInput,
): Promise<Result<Certificate, CrlFailure>> {
  let failure: CrlFailure = { reason: 'unknown_issuer', issuer: formatRfc2253(crl.issuer) }
  for (const issuer of issuers) {
    if (!mayBeSigner(crl, issuer)) continue
    const verified = await verifyCrl(crl, issuer, { allowSha1 })
    if (verified.ok) return ok(issuer)
    failure = verified.error
  }
  return err(failure)
}

function refuseTime({ thisUpdate }: Crl, nowMs: number): CrlFailure | null {
  return nowMs < thisUpdate * 1000 ? { reason: 'not_yet_valid', thisUpdate } : null
}

function refuseScope({ baseNumber, scope }: Crl, signer: Certificate): CrlFailure | null {
  if (baseNumber !== null) return { reason: 'delta_list' }
  if (scope === null) return null
  if (scope.isIndirect) return { reason: 'indirect_list' }
  // An authority that may not have authorities under it issues nothing but user certificates.
  const issuesUsersOnly = readExtensions(signer)?.basicConstraints?.pathLength === 0
  const partial: readonly { readonly detail: string; readonly present: boolean }[] = [
    { detail: 'some reasons', present: scope.reasons !== allReasons },
    { detail: 'authorities', present: scope.onlyAuthorityCertificates },
    { detail: 'attribute certificates', present: scope.onlyAttributeCertificates },
    { detail: 'user certificates', present: scope.onlyUserCertificates && !issuesUsersOnly },
  ]
  const detail = partial.find(({ present }) => present)?.detail
  return detail === undefined ? null : { reason: 'partial_list', detail }
}

async function pointSha256({ scope }: Crl): Promise<string | null> {
  const names = scope?.names ?? null
  if (names === null) return null
  const text = new TextEncoder().encode(names.toSorted().join('\n'))
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', text)))
}
