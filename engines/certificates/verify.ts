/**
 * Decides whether a client certificate chains to one of the given authorities (RFC 5280 §6), at a given
 * time and for a given purpose. Builds the path itself: what the client sent may be in any order, hold
 * strangers and cycles, and costs at most a fixed number of signature checks. Revocation is not asked here.
 */
import { err, ok, type Result } from '#engines/result'

import { decimalSerial, readCertificate, sameBytes, type Certificate } from './certificate.ts'
import {
  inspect,
  inspectCertificate,
  isSelfIssued,
  type InspectedCertificate,
  type InspectionError,
} from './inspect.ts'
import { certificateLimits } from './limits.ts'
import {
  refuseAsIssued,
  refuseAsIssuer,
  refuseIssuerPurpose,
  refuseLeafPurpose,
  refuseTime,
  type CertificatePurpose,
  type VerifyFailure,
} from './path-checks.ts'
import { decodePem } from './pem.ts'
import { verifySignature } from './signatures.ts'

/** An authority that was inspected once, when it was configured. */
export type AuthorityCertificate = InspectedCertificate & { readonly authorityId: string }

export type VerifyInput = {
  readonly leafDer: Uint8Array
  /** What the client sent beside its leaf, in any order. */
  readonly chainDer: readonly Uint8Array[]
  readonly authorities: readonly AuthorityCertificate[]
  readonly nowMs: number
  /** What the leaf, and every issuer that restricts it, must allow. Default clientAuth. */
  readonly purpose?: CertificatePurpose
}

export type Verdict =
  | {
      readonly verified: true
      readonly authorityId: string
      /** Decimal. Together with the leaf's issuer it names the certificate: its bytes do not, since a signature can have twins. */
      readonly serialNumber: string
      /** Seconds since 1970: when the first certificate on the path expires. */
      readonly validUntil: number
      /** Between leaf and authority, nearest to the leaf first. */
      readonly intermediates: readonly Certificate[]
    }
  | { readonly verified: false; readonly failure: VerifyFailure }

/** Inspects the PEM certificate of an issuer that is to be trusted; a refused one never reaches verification. */
export function readAuthority(
  authorityId: string,
  pem: string,
): Result<AuthorityCertificate, VerifyFailure> {
  const blocks = decodePem(pem, ['CERTIFICATE'])
  const [der, ...more] = blocks.ok ? blocks.value : []
  if (der === undefined || more.length > 0) return err({ reason: 'malformed', detail: 'PEM' })
  const inspected = inspectCertificate(der)
  if (!inspected.ok) return inspected
  const refusal = refuseAsIssuer(inspected.value)
  return refusal === null ? ok({ ...inspected.value, authorityId }) : err(refusal)
}

/** Verifies one leaf. The first reason found on the most promising path is reported. */
export async function verifyClientCertificate(input: VerifyInput): Promise<Verdict> {
  const { chainCertificatesMax } = certificateLimits
  if (input.chainDer.length > chainCertificatesMax) {
    return fail({ reason: 'chain_too_long', certificatesMax: chainCertificatesMax })
  }
  const purpose = input.purpose ?? 'clientAuth'
  const leaf = inspectCertificate(input.leafDer)
  if (!leaf.ok) return fail(leaf.error)
  const refusal =
    refuseTime(leaf.value.certificate, input.nowMs) ?? refuseLeafPurpose(leaf.value, purpose)
  if (refusal !== null) return fail(refusal)
  const search: Search = {
    authorities: input.authorities,
    sent: input.chainDer.map(readCertificate).flatMap((read) => (read.ok ? [read.value] : [])),
    nowMs: input.nowMs,
    purpose,
    budget: { signatureChecksLeft: certificateLimits.signatureChecksMax },
  }
  return extendPath(search, { leaf: leaf.value.certificate, tip: leaf.value, intermediates: [] })
}

type Search = {
  readonly authorities: readonly AuthorityCertificate[]
  readonly sent: readonly Certificate[]
  readonly nowMs: number
  readonly purpose: CertificatePurpose
  /** Shared by all branches of the search, and the only thing that changes during it. */
  readonly budget: { signatureChecksLeft: number }
}

/** A path under construction: `tip` is what the next issuer must have signed. */
type Path = {
  readonly leaf: Certificate
  readonly tip: InspectedCertificate
  readonly intermediates: readonly Certificate[]
}

type Candidate = {
  readonly certificate: Certificate
  readonly inspected: Result<InspectedCertificate, InspectionError>
  /** Null for a certificate the client sent. */
  readonly authorityId: string | null
}

/** Depth first: every issuer of the tip, authorities before what the client sent. */
async function extendPath(search: Search, path: Path): Promise<Verdict> {
  let failure: VerifyFailure | null = null
  for (const candidate of findCandidates(search, path)) {
    const verdict = await tryIssuer(search, path, candidate)
    if (verdict.verified || verdict.failure.reason === 'search_exhausted') return verdict
    // A dead end says less than a reason found on the way to an authority.
    if (failure === null || failure.reason === 'unknown_issuer') failure = verdict.failure
  }
  const isLeaf = path.intermediates.length === 0
  if (failure !== null && failure.reason !== 'unknown_issuer') return fail(failure)
  const selfSigned = isLeaf && isSelfIssued(path.tip.certificate)
  return fail({ reason: selfSigned ? 'self_signed' : 'unknown_issuer' })
}

/** Certificates that carry the issuer's name; a matching key identifier goes first (RFC 4158 §3.5.12). */
function findCandidates(search: Search, path: Path): readonly Candidate[] {
  const { certificate, extensions } = path.tip
  const used = [certificate, ...path.intermediates]
  const wanted = extensions.authorityKeyIdentifier?.keyIdentifier ?? null
  const issues = (issuer: Certificate): boolean =>
    issuer.subject.comparable === certificate.issuer.comparable &&
    !used.some(({ der }) => sameBytes(der, issuer.der))
  const trusted = search.authorities
    .filter((authority) => issues(authority.certificate))
    .map((authority) => ({
      certificate: authority.certificate,
      inspected: ok(authority),
      authorityId: authority.authorityId,
    }))
  const sent = search.sent
    .filter(issues)
    .map((issuer) => ({ certificate: issuer, inspected: inspect(issuer), authorityId: null }))
  const keyRank = ({ inspected }: Candidate): number => {
    const key = inspected.ok ? inspected.value.extensions.subjectKeyIdentifier : null
    return key !== null && wanted !== null && sameBytes(key, wanted) ? 0 : 1
  }
  const byKey = (left: Candidate, right: Candidate): number => keyRank(left) - keyRank(right)
  return [...trusted.toSorted(byKey), ...sent.toSorted(byKey)]
}

async function tryIssuer(search: Search, path: Path, candidate: Candidate): Promise<Verdict> {
  if (!candidate.inspected.ok) return fail(candidate.inspected.error)
  const issuer = candidate.inspected.value
  const refusal =
    refuseIssuerHere(search, path, issuer) ?? (await refuseSignature(search, path, issuer))
  if (refusal !== null) return fail(refusal)
  const { authorityId } = candidate
  if (authorityId !== null) return succeed(path, issuer, authorityId)
  if (path.intermediates.length === certificateLimits.intermediatesMax) {
    return fail({ reason: 'path_too_long' })
  }
  const intermediates = [...path.intermediates, issuer.certificate]
  return extendPath(search, { leaf: path.leaf, tip: issuer, intermediates })
}

function succeed(path: Path, authority: InspectedCertificate, authorityId: string): Verdict {
  const { leaf, intermediates } = path
  const onPath = [leaf, ...intermediates, authority.certificate]
  const validUntil = Math.min(...onPath.map(({ notAfter }) => notAfter))
  return {
    verified: true,
    authorityId,
    serialNumber: decimalSerial(leaf),
    validUntil,
    intermediates,
  }
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
  // §6.1.4 (l): self-issued intermediates do not count.
  const counted = path.intermediates.filter((certificate) => !isSelfIssued(certificate)).length
  const pathLength = issuer.extensions.basicConstraints?.pathLength ?? null
  return pathLength !== null && counted > pathLength ? { reason: 'path_too_long' } : null
}

async function refuseSignature(
  search: Search,
  path: Path,
  issuer: InspectedCertificate,
): Promise<VerifyFailure | null> {
  const { budget } = search
  if (budget.signatureChecksLeft === 0) {
    const { signatureChecksMax } = certificateLimits
    return { reason: 'search_exhausted', signatureChecksMax }
  }
  budget.signatureChecksLeft -= 1
  const { tbs, signature, signatureAlgorithm } = path.tip.certificate
  const signed = { algorithm: signatureAlgorithm, signed: tbs, signature }
  const checked = await verifySignature(signed, issuer.certificate.publicKey)
  return checked.ok ? null : checked.error
}

function fail(failure: VerifyFailure): Verdict {
  return { verified: false, failure }
}
