/** Why a revocation list is not used, in words for whoever brought it. */
import type { CrlFailure } from '#engines/certificates'

export function describeCrlFailure(failure: CrlFailure): string {
  switch (failure.reason) {
    case 'too_large':
      return `The list is larger than ${failure.bytesMax} bytes.`
    case 'not_pem':
      return 'This is neither DER nor PEM with one X509 CRL.'
    case 'malformed':
      return `The list cannot be read: ${failure.detail}.`
    case 'too_many_entries':
      return `The list has more than ${failure.entriesMax} serial numbers.`
    case 'serial_too_long':
      return `A serial number is longer than ${failure.octetsMax} octets.`
    case 'unknown_critical_extension':
      return `The list has a critical extension that is not understood: ${failure.oid}.`
    case 'unknown_critical_entry_extension':
      return `An entry has a critical extension that is not understood: ${failure.oid}.`
    case 'crl_number_missing':
      return 'The list has no CRL number (RFC 5280 §5.2.3).'
    case 'not_yet_valid':
      return 'The list is dated in the future.'
    case 'unknown_issuer':
      return `The list is signed by ${failure.issuer}, which is not among the certificates of this authority.`
    case 'issuer_may_not_sign_lists':
      return 'The key usage of its issuer does not allow it to sign revocation lists.'
    case 'delta_list':
      return 'Only complete lists are used, and this one says what changed since another.'
    case 'indirect_list':
      return 'Only lists of one issuer are used, and this one speaks of several.'
    case 'partial_list':
      return `Only complete lists are used, and this one speaks of ${failure.detail} only.`
    case 'weak_signature':
      return 'The list is signed with a weak algorithm; SHA-1 needs allow_sha1 of its authority.'
    case 'unsupported_algorithm':
      return 'The list is signed with an algorithm that is not supported.'
    case 'weak_key':
      return 'The list is signed with a key that is too weak.'
    case 'bad_signature':
      return 'The signature of the list does not hold.'
  }
}
