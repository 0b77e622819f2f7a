/** Looks for one certificate on a list (RFC 5280 §6.3.3 (i), (j)): one walk, because an indirect list depends on its order. */
import { sameBytes, type Certificate } from '../certificate.ts'
import { readDirectoryNames } from './distribution-points.ts'
import { crlReason, walkEntries } from './entries.ts'
import type { Crl } from './list.ts'

export type RevocationEntry = {
  /** CRLReason (§5.3.1). */
  readonly reason: number
}

/** The certificate's entry, or null. Of several the first that revokes counts. */
export function findEntry(crl: Crl, { serial, issuer }: Certificate): RevocationEntry | null {
  const { entries } = crl
  let found: RevocationEntry | null = null
  // §5.3.3: an entry without certificateIssuer is of the same issuer as the one before it.
  let issuerStart = 0
  let issuerEnd = 0
  walkEntries(entries, (entry) => {
    if (entry.issuerEnd > 0) {
      issuerStart = entry.issuerStart
      issuerEnd = entry.issuerEnd
    }
    if (found !== null && found.reason !== crlReason.removeFromCrl) return
    if (!sameBytes(entries.subarray(entry.serialStart, entry.serialEnd), serial)) return
    const issuers =
      issuerEnd === 0
        ? [crl.issuer.comparable]
        : readDirectoryNames(entries.subarray(issuerStart, issuerEnd))
    // An issuer that cannot be read may be this one: better to refuse one certificate than to miss it.
    if (issuers?.includes(issuer.comparable) ?? true) found = { reason: entry.reason }
  })
  return found
}
