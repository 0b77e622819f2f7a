/**
 * Finds a valid path from a leaf to a trust anchor (RFC 4158): depth first, backwards from the leaf, within
 * a budget of signature checks. What can be refused early is refused at each step; what needs the whole
 * path (names, policies) once an anchor is reached, and then the search goes on if another path is left.
 */
import { err, ok, type Result } from '#engines/result'

import type { AuthorityBundle } from './authority-bundle.ts'
import { sameBytes, type Certificate } from './certificate.ts'
import {
  inspect,
  isSelfIssued,
  type InspectedCertificate,
  type InspectionError,
} from './inspect.ts'
import { certificateLimits } from './limits.ts'
import { refuseNames } from './name-check.ts'
import {
  refuseAsIssued,
  refuseAsIssuer,
  refuseIssuerPurpose,
  refuseTime,
  type CertificatePurpose,
  type VerifyFailure,
} from './path-checks.ts'
import { refusePolicies, type PolicyInputs } from './policy-check.ts'
import { refuseSignatureAlgorithm, verifySignature } from './signatures.ts'

export type PathQuestion = {
  readonly leaf: InspectedCertificate
  /** What the client sent beside its leaf. */
  readonly sent: readonly Certificate[]
  readonly authorities: readonly AuthorityBundle[]
  readonly nowMs: number
  readonly purpose: CertificatePurpose
  readonly policies: PolicyInputs
}

export type FoundPath = {
  /** Leaf first, trust anchor last. */
  readonly path: readonly InspectedCertificate[]
  readonly authorityId: string
}

/** The first valid path, or the first reason found on the most promising one. The leaf itself is judged elsewhere. */
export async function findPath(question: PathQuestion): Promise<Result<FoundPath, VerifyFailure>> {
  const { leaf, authorities } = question
  const budget = { signatureChecksLeft: certificateLimits.signatureChecksMax }
  const sha1Allowed = authorities.some(({ allowSha1 }) => allowSha1)
  return extendPath({ ...question, sha1Allowed, budget }, { tip: leaf, certificates: [leaf] })
}

type Search = PathQuestion & {
  /** Whether any authority tolerates SHA-1; which one it is, is known at the end of a path. */
  readonly sha1Allowed: boolean
  /** Shared by all branches of the search, and the only thing that changes during it. */
  readonly budget: { signatureChecksLeft: number }
}

/** A path under construction, leaf first: `tip` is its last certificate, whose issuer is looked for. */
type Path = {
  readonly tip: InspectedCertificate
  readonly certificates: readonly InspectedCertificate[]
}

type Candidate = {
  readonly inspected: Result<InspectedCertificate, InspectionError>
  /** The authority it is an anchor of; null for a certificate that is not trusted by itself. */
  readonly authority: AuthorityBundle | null
}

async function extendPath(search: Search, path: Path): Promise<Result<FoundPath, VerifyFailure>> {
  let failure: VerifyFailure | null = null
  for (const candidate of findCandidates(search, path)) {
    const found = await tryIssuer(search, path, candidate)
    if (found.ok || found.error.reason === 'search_exhausted') return found
    // A dead end says less than a reason found on the way to an authority.
    if (failure === null || failure.reason === 'unknown_issuer') failure = found.error
  }
  if (failure !== null && failure.reason !== 'unknown_issuer') return err(failure)
  const selfSigned = path.certificates.length === 1 && isSelfIssued(path.tip.certificate)
  return err({ reason: selfSigned ? 'self_signed' : 'unknown_issuer' })
}

/** Issuers by name: anchors, then what was uploaded with them, then what the client sent. */
function findCandidates(search: Search, path: Path): readonly Candidate[] {
  const { issuer } = path.tip.certificate
  const issues = (certificate: Certificate): boolean =>
    certificate.subject.comparable === issuer.comparable && !isOnPath(certificate, path)
  const trusted = search.authorities.flatMap((authority) =>
    authority.anchors
      .filter(({ certificate }) => issues(certificate))
      .map((anchor) => ({ inspected: ok(anchor), authority })),
  )
  const uploaded = search.authorities
    .flatMap(({ intermediates }) => intermediates)
    .filter(({ certificate }) => issues(certificate))
    .map((intermediate) => ({ inspected: ok(intermediate), authority: null }))
  const sent = search.sent
    .filter(issues)
    .map((certificate) => ({ inspected: inspect(certificate), authority: null }))
  return [trusted, uploaded, sent].flatMap((group) => byKey(group, path.tip))
}

/** RFC 4158 §2.4.2: a name with the same key twice on a path is a loop, whatever the certificate. */
function isOnPath(candidate: Certificate, { certificates }: Path): boolean {
  return certificates.some(
    ({ certificate }) =>
      certificate.subject.comparable === candidate.subject.comparable &&
      sameBytes(certificate.publicKey.der, candidate.publicKey.der),
  )
}

/** A matching key identifier goes first (RFC 4158 §3.5.12): it is a hint, not a rule. */
function byKey(candidates: readonly Candidate[], tip: InspectedCertificate): readonly Candidate[] {
  const wanted = tip.extensions.authorityKeyIdentifier?.keyIdentifier ?? null
  const rank = ({ inspected }: Candidate): number => {
    const key = inspected.ok ? inspected.value.extensions.subjectKeyIdentifier : null
    return key !== null && wanted !== null && sameBytes(key, wanted) ? 0 : 1
  }
  return candidates.toSorted((left, right) => rank(left) - rank(right))
}

async function tryIssuer(
  search: Search,
  path: Path,
  { inspected, authority }: Candidate,
): Promise<Result<FoundPath, VerifyFailure>> {
  if (!inspected.ok) return inspected
  const issuer = inspected.value
  const refusal =
    refuseIssuerHere(search, path, issuer) ?? (await refuseSignature(search, path.tip, issuer))
  if (refusal !== null) return err(refusal)
  const certificates = [...path.certificates, issuer]
  if (authority !== null) return judgeWhole(search, certificates, authority)
  return certificates.length > certificateLimits.intermediatesMax + 1
    ? err({ reason: 'path_too_long' })
    : extendPath(search, { tip: issuer, certificates })
}

function refuseIssuerHere(
  search: Search,
  path: Path,
  issuer: InspectedCertificate,
): VerifyFailure | null {
  const refusal =
    refuseAsIssued(path.tip) ??
    refuseTime(issuer.certificate, search.nowMs) ??
    refuseAsIssuer(issuer) ??
    refuseIssuerPurpose(issuer, search.purpose)
  if (refusal !== null) return refusal
  // §6.1.4 (l): the last certificate and self-issued intermediates do not count.
  const [, ...intermediates] = path.certificates
  const counted = intermediates.filter(({ certificate }) => !isSelfIssued(certificate)).length
  const pathLength = issuer.extensions.basicConstraints?.pathLength ?? null
  return pathLength !== null && counted > pathLength ? { reason: 'path_too_long' } : null
}

async function refuseSignature(
  { budget, sha1Allowed: allowSha1 }: Search,
  { certificate }: InspectedCertificate,
  issuer: InspectedCertificate,
): Promise<VerifyFailure | null> {
  if (budget.signatureChecksLeft === 0) {
    return { reason: 'search_exhausted', signatureChecksMax: certificateLimits.signatureChecksMax }
  }
  budget.signatureChecksLeft -= 1
  const { tbs: signed, signature, signatureAlgorithm: algorithm } = certificate
  const checked = await verifySignature(
    { algorithm, signed, signature, allowSha1 },
    issuer.certificate.publicKey,
  )
  return checked.ok ? null : checked.error
}

/** What only a whole path shows: whether its authority tolerates its hashes, its names and its policies. */
function judgeWhole(
  { policies }: Search,
  path: readonly InspectedCertificate[],
  authority: AuthorityBundle,
): Result<FoundPath, VerifyFailure> {
  const refusal =
    refuseAlgorithms(path, authority) ?? refuseNames(path) ?? refusePolicies(path, policies)
  return refusal === null ? ok({ path, authorityId: authority.authorityId }) : err(refusal)
}

/** The signature of the anchor is not one of the path's. */
function refuseAlgorithms(
  path: readonly InspectedCertificate[],
  { allowSha1 }: AuthorityBundle,
): VerifyFailure | null {
  const refusals = path
    .slice(0, -1)
    .map(({ certificate }) => refuseSignatureAlgorithm(certificate.signatureAlgorithm, allowSha1))
  return refusals.find((refusal) => refusal !== null) ?? null
}
