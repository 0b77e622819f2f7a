/** Whether a certificate may sign revocation lists, and whether it has signed this one (RFC 5280 §6.3.3 (f), (g)). */
import { err, type Result } from '#engines/result'

import { sameBytes, type Certificate } from '../certificate.ts'
import { readElement } from '../der.ts'
import { readBitString } from '../der-values.ts'
import { extensionOid, readExtensions } from '../extensions.ts'
import { verifySignature } from '../signatures.ts'
import type { CrlFailure } from './failures.ts'
import type { Crl } from './list.ts'

/** By name, and by key identifier when both say which key it is. */
export function mayBeSigner(crl: Crl, certificate: Certificate): boolean {
  if (certificate.subject.comparable !== crl.issuer.comparable) return false
  const own = readExtensions(certificate)?.subjectKeyIdentifier ?? null
  const wanted = crl.authorityKeyIdentifier
  return own === null || wanted === null || sameBytes(own, wanted)
}

/** Checks the right to sign and the signature. */
export async function verifyCrl(
  { signatureAlgorithm: algorithm, tbs: signed, signature }: Crl,
  signer: Certificate,
  { allowSha1 }: { readonly allowSha1: boolean },
): Promise<Result<true, CrlFailure>> {
  if (!maySignLists(signer)) return err({ reason: 'issuer_may_not_sign_lists' })
  return verifySignature({ algorithm, signed, signature, allowSha1 }, signer.publicKey)
}

/** "If a key usage extension is present in the CRL issuer's certificate, verify that the cRLSign bit is set." */
function maySignLists({ extensions }: Certificate): boolean {
  const usage = extensions.find(({ oid }) => oid === extensionOid.keyUsage)
  if (usage === undefined) return true
  const bits = readBitString(readElement(usage.value) ?? undefined)
  return ((bits?.octets[0] ?? 0) & CRL_SIGN) !== 0
}

/** Bit 6 (§4.2.1.3), counted from the highest of the first octet. */
const CRL_SIGN = 0x02
