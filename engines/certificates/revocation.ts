/**
 * Decides from revocation lists whether every certificate of a valid path still holds (RFC 5280 §6.3): complete lists with
 * their delta lists, indirect ones, distribution points, lists for some reasons or kinds of certificates. A certificate whose
 * status the lists do not tell counts as refused. A list is believed only from an issuer with a path to the same trust anchor.
 */
import { err, ok, type Result } from '#engines/result'

import { decimalSerial, sameBytes, type Certificate } from './certificate.ts'
import { allReasons, type DistributionPoint } from './crl/distribution-points.ts'
import { crlReason } from './crl/entries.ts'
import { findEntry } from './crl/find-entry.ts'
import { crlLimits } from './crl/limits.ts'
import type { Crl } from './crl/list.ts'
import { completes, isCurrent, pointsOf, reasonsOf, speaksOf } from './crl/scope.ts'
import { mayBeSigner, verifyCrl } from './crl/signer.ts'
import { inspect } from './inspect.ts'
import { verifyClientCertificate } from './verify.ts'

export type RevocationInput = {
  /** Leaf first, trust anchor last, as a verdict has it. */
  readonly path: readonly Certificate[]
  readonly crls: readonly Crl[]
  /** Certificates off the path that may have signed a list, or be on the way to one that has. */
  readonly others: readonly Certificate[]
  readonly nowMs: number
  /** Whether the path's authority may sign with SHA-1. */
  readonly allowSha1: boolean
}

export type RevocationFailure = {
  /** `revocation_unknown`: no list that could be used tells. */
  readonly reason: 'revoked' | 'revocation_unknown'
  /** Of the certificate in the path: 0 is the leaf. */
  readonly position: number
  /** Decimal. */
  readonly serialNumber: string
}

/** Asks for every certificate of the path but the anchor, from the anchor's side. */
export async function checkRevocation(
  input: RevocationInput,
): Promise<Result<true, RevocationFailure>> {
  const current = input.crls.filter((crl) => isCurrent(crl, input.nowMs)).toSorted(newestFirst)
  return checkPath(
    {
      complete: current.filter(({ baseNumber }) => baseNumber === null),
      deltas: current.filter(({ baseNumber }) => baseNumber !== null),
      certificates: [...input.path, ...input.others],
      nowMs: input.nowMs,
      allowSha1: input.allowSha1,
      budget: { checksLeft: crlLimits.signatureChecksMax },
    },
    { path: input.path, asked: [] },
  )
}

type Search = {
  /** Newest first, so that what a later list takes back stays taken back. */
  readonly complete: readonly Crl[]
  readonly deltas: readonly Crl[]
  readonly certificates: readonly Certificate[]
  readonly nowMs: number
  readonly allowSha1: boolean
  /** Shared by the whole search, and the only thing that changes during it. */
  readonly budget: { checksLeft: number }
}

type Question = {
  readonly path: readonly Certificate[]
  /** Signers of lists whose own status is being asked further out. */
  readonly asked: readonly Certificate[]
}

type Status = 'good' | 'revoked' | 'unknown'

function newestFirst(left: Crl, right: Crl): number {
  return right.thisUpdate - left.thisUpdate || Number((right.number ?? 0n) - (left.number ?? 0n))
}

async function checkPath(
  search: Search,
  question: Question,
): Promise<Result<true, RevocationFailure>> {
  const places = Array.from(question.path, (certificate, position) => ({ certificate, position }))
  for (const { certificate, position } of places.slice(0, -1).toReversed()) {
    const status = await findStatus(search, question, { certificate, position })
    if (status === 'good') continue
    const reason = status === 'revoked' ? 'revoked' : 'revocation_unknown'
    return err({ reason, position, serialNumber: decimalSerial(certificate) })
  }
  return ok(true)
}

/** A certificate of the path whose status is asked. */
type Place = { readonly certificate: Certificate; readonly position: number }

/** §6.3.3 for one certificate: until every reason is spoken of, or a list revokes. */
async function findStatus(
  search: Search,
  question: Question,
  { certificate, position }: Place,
): Promise<Status> {
  let covered = 0
  for (const point of pointsOf(certificate)) {
    for (const crl of search.complete) {
      if (covered === allReasons) return 'good'
      const reasons = reasonsOf(crl, point)
      if (!speaksOf(crl, certificate, point) || (reasons & ~covered) === 0) continue
      const signer = await findSigner(search, question, { crl, point, position })
      if (signer === null) continue
      if (await isRevoked(search, { crl, signer, certificate })) return 'revoked'
      covered |= reasons
    }
  }
  return covered === allReasons ? 'good' : 'unknown'
}

type Asked = { readonly crl: Crl; readonly signer: Certificate; readonly certificate: Certificate }

/** What the newest delta list says goes before what the complete one says (§6.3.3 (i) to (k)). */
async function isRevoked(search: Search, { crl, signer, certificate }: Asked): Promise<boolean> {
  for (const delta of search.deltas) {
    if (!completes(delta, crl) || !(await isSignedBy(search, delta, signer))) continue
    const changed = findEntry(delta, certificate)
    if (changed !== null) return changed.reason !== crlReason.removeFromCrl
    break
  }
  const entry = findEntry(crl, certificate)
  return entry !== null && entry.reason !== crlReason.removeFromCrl
}

type Claim = {
  readonly crl: Crl
  readonly point: DistributionPoint
  /** Of the certificate whose status is asked. */
  readonly position: number
}

/** The certificate that has signed the list and may be believed about the one at `position`. */
async function findSigner(
  search: Search,
  question: Question,
  claim: Claim,
): Promise<Certificate | null> {
  const above = question.path.slice(claim.position + 1)
  for (const signer of [...above, ...search.certificates]) {
    if (!mayBeSigner(claim.crl, signer)) continue
    if (!(await isSignedBy(search, claim.crl, signer))) continue
    if (above.includes(signer)) return signer
    if (await isBelieved(search, question, { ...claim, signer })) return signer
  }
  return null
}

async function isSignedBy(search: Search, crl: Crl, signer: Certificate): Promise<boolean> {
  if (search.budget.checksLeft === 0) return false
  search.budget.checksLeft -= 1
  return (await verifyCrl(crl, signer, search)).ok
}

/** §6.3.3 (f): a signer off the path needs a valid path of its own to the same anchor, and must not be revoked either. */
async function isBelieved(
  search: Search,
  { path, asked }: Question,
  { signer, point, position }: Claim & { readonly signer: Certificate },
): Promise<boolean> {
  // Only where the certificate names its cRLIssuer may he, on his own list, tell that he is not revoked himself.
  const isAsked = asked.some(({ der }) => sameBytes(der, signer.der))
  if (isAsked) return point.crlIssuers !== null
  if (asked.length === crlLimits.issuerDepthMax) return false
  const signerPath = await findPathOf(search, signer, path)
  if (signerPath === null) return false
  // Elsewhere a list is believed by name alone, and an authority could issue itself a certificate with the name of the one
  // above it, to sign a list that clears it: so all the signer's issuers must be issuers of the certificate too.
  const names = new Set(path.slice(position + 1).map(({ subject }) => subject.comparable))
  const isNear = signerPath.slice(1).every(({ subject }) => names.has(subject.comparable))
  if (point.crlIssuers === null && !isNear) return false
  return (await checkPath(search, { path: signerPath, asked: [...asked, signer] })).ok
}

async function findPathOf(
  { certificates, nowMs, allowSha1, budget }: Search,
  signer: Certificate,
  path: readonly Certificate[],
): Promise<readonly Certificate[] | null> {
  const anchor = path.at(-1)
  const inspected = anchor === undefined ? null : inspect(anchor)
  if (inspected === null || !inspected.ok || budget.checksLeft === 0) return null
  budget.checksLeft -= 1
  const helpers = certificates.map(inspect).flatMap((each) => (each.ok ? [each.value] : []))
  const verdict = await verifyClientCertificate({
    leafDer: signer.der,
    chainDer: [],
    authorities: [
      { authorityId: '', allowSha1, anchors: [inspected.value], intermediates: helpers },
    ],
    nowMs,
    purpose: 'any',
  })
  return verdict.verified ? verdict.path : null
}
