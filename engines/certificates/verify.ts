/**
 * Decides whether a client certificate chains to one of the given authorities (RFC 5280 §6), at a given
 * time and for a given purpose. What the client sent may be in any order, hold strangers and cycles, and
 * costs at most a fixed amount of work. Revocation is not asked here: the verdict names the path to ask it of.
 */
import type { AuthorityBundle } from './authority-bundle.ts'
import { decimalSerial, readCertificate, type Certificate } from './certificate.ts'
import { inspectCertificate } from './inspect.ts'
import { certificateLimits } from './limits.ts'
import {
  refuseLeafPurpose,
  refuseTime,
  type CertificatePurpose,
  type VerifyFailure,
} from './path-checks.ts'
import { findPath, type FoundPath } from './path-search.ts'
import type { PolicyInputs } from './policy-check.ts'

export type VerifyInput = {
  readonly leafDer: Uint8Array
  /** What the client sent beside its leaf, in any order. */
  readonly chainDer: readonly Uint8Array[]
  /** Whom to trust: every authority of the zone, or those of one hostname. */
  readonly authorities: readonly AuthorityBundle[]
  readonly nowMs: number
  /** What the leaf, and every issuer that restricts it, must allow. Default clientAuth. */
  readonly purpose?: CertificatePurpose
  /** Which certificate policies are asked for. Default: none. */
  readonly policies?: PolicyInputs
}

export type Verdict =
  | {
      readonly verified: true
      readonly authorityId: string
      /** Decimal. Together with the leaf's issuer it names the certificate: its bytes do not, since a signature can have twins. */
      readonly serialNumber: string
      /** Seconds since 1970: when the first certificate on the path expires. */
      readonly validUntil: number
      /** Leaf first, each certificate signed by the next, trust anchor last. */
      readonly path: readonly Certificate[]
    }
  | { readonly verified: false; readonly failure: VerifyFailure }

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
  const found = await findPath({
    leaf: leaf.value,
    sent: input.chainDer.map(readCertificate).flatMap((read) => (read.ok ? [read.value] : [])),
    authorities: input.authorities,
    nowMs: input.nowMs,
    purpose,
    policies: input.policies ?? {},
  })
  return found.ok ? succeed(leaf.value.certificate, found.value) : fail(found.error)
}

function succeed(leaf: Certificate, { path, authorityId }: FoundPath): Verdict {
  const certificates = path.map(({ certificate }) => certificate)
  return {
    verified: true,
    authorityId,
    serialNumber: decimalSerial(leaf),
    validUntil: Math.min(...certificates.map(({ notAfter }) => notAfter)),
    path: certificates,
  }
}

function fail(failure: VerifyFailure): Verdict {
  return { verified: false, failure }
}
