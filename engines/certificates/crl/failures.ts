/** Every reason for which a revocation list is not used, as data. */
import type { SignatureError } from '../signatures.ts'

export type CrlFailure =
  | SignatureError
  | { readonly reason: 'too_large'; readonly bytes: number; readonly bytesMax: number }
  | { readonly reason: 'not_pem' }
  | { readonly reason: 'malformed'; readonly detail: string }
  | { readonly reason: 'too_many_entries'; readonly entriesMax: number }
  | { readonly reason: 'serial_too_long'; readonly octetsMax: number }
  | { readonly reason: 'unknown_critical_extension'; readonly oid: string }
  | { readonly reason: 'unknown_critical_entry_extension'; readonly oid: string }
  /** RFC 5280 §5.2.3: each list with extensions is numbered. */
  | { readonly reason: 'crl_number_missing' }
  | { readonly reason: 'not_yet_valid'; readonly thisUpdate: number }
  | { readonly reason: 'unknown_issuer'; readonly issuer: string }
  /** The issuer's key usage does not have cRLSign. */
  | { readonly reason: 'issuer_may_not_sign_lists' }
  /** Only for lists that must speak of everything that their issuer has issued. */
  | { readonly reason: 'delta_list' }
  | { readonly reason: 'indirect_list' }
  | { readonly reason: 'partial_list'; readonly detail: string }
