/**
 * Which lists can tell the status of a certificate (RFC 5280 §6.3.3 (a) to (d)), before any signature is looked at: names,
 * distribution points, kinds of certificates, reasons, and which delta list completes which complete one.
 */
import { sameBytes, type Certificate } from '../certificate.ts'
import { extensionOid, readExtensions } from '../extensions.ts'
import {
  allReasons,
  directoryPointName,
  readDistributionPoints,
  type DistributionPoint,
} from './distribution-points.ts'
import type { Crl } from './list.ts'

/** §5.1.2.4, §5.1.2.5: from thisUpdate to nextUpdate, both included. */
export function isCurrent({ thisUpdate, nextUpdate }: Crl, nowMs: number): boolean {
  return nowMs >= thisUpdate * 1000 && (nextUpdate === null || nowMs <= nextUpdate * 1000)
}

/**
 * Where the status of a certificate may be found: its own points, then, as §6.3.3 has it, one with its issuer's name, no
 * reasons and no cRLIssuer. A certificate whose points cannot be read has none: then nothing can tell its status.
 */
export function pointsOf(certificate: Certificate): readonly DistributionPoint[] {
  const { issuer, extensions } = certificate
  const extension = extensions.find(({ oid }) => oid === extensionOid.crlDistributionPoints)
  const implied = {
    names: [directoryPointName(issuer.comparable)],
    reasons: allReasons,
    crlIssuers: null,
  }
  if (extension === undefined) return [implied]
  const points = readDistributionPoints(extension.value, issuer)
  return points === null ? [] : [...points, implied]
}

/** Whether a complete list speaks of this certificate at this point. */
export function speaksOf(crl: Crl, certificate: Certificate, point: DistributionPoint): boolean {
  const { scope } = crl
  // §6.3.3 (b)(1): with a cRLIssuer the list is that issuer's and indirect, without one the certificate issuer's.
  const isIssuers =
    point.crlIssuers === null
      ? crl.issuer.comparable === certificate.issuer.comparable
      : point.crlIssuers.includes(crl.issuer.comparable) && scope?.isIndirect === true
  if (!isIssuers) return false
  if (scope === null) return true
  // (b)(2)(i): a point without a name goes by the names of its cRLIssuer.
  const names = point.names ?? point.crlIssuers?.map(directoryPointName) ?? []
  if (scope.names !== null && !scope.names.some((name) => names.includes(name))) return false
  const isAuthority = readExtensions(certificate)?.basicConstraints?.ca === true
  const isOther = isAuthority ? scope.onlyUserCertificates : scope.onlyAuthorityCertificates
  return !isOther && !scope.onlyAttributeCertificates
}

/** §6.3.3 (d): the reasons that a list speaks of at a point. */
export function reasonsOf({ scope }: Crl, { reasons }: DistributionPoint): number {
  return (scope?.reasons ?? allReasons) & reasons
}

/** §6.3.3 (c), §5.2.4: same issuer, same scope, same key, and nothing changed between the two that neither tells. */
export function completes(delta: Crl, complete: Crl): boolean {
  if (delta.baseNumber === null || delta.number === null || complete.number === null) return false
  return (
    delta.issuer.comparable === complete.issuer.comparable &&
    sameOptional(delta.scopeDer, complete.scopeDer) &&
    sameOptional(delta.authorityKeyIdentifier, complete.authorityKeyIdentifier) &&
    complete.number >= delta.baseNumber &&
    complete.number <= delta.number
  )
}

function sameOptional(left: Uint8Array | null, right: Uint8Array | null): boolean {
  return left === null || right === null ? left === right : sameBytes(left, right)
}
