/**
 * Creates a managed certificate authority: one self-signed ECDSA P-256 certificate that may sign leaves
 * and revocation lists and nothing below itself. The private key is returned once, for sealing.
 */
import type { AuthorityKeys } from './issue.ts'
import { encodePem } from './pem.ts'
import { generateSigningKeys, serialFrom, serialOctets, signCertificate } from './sign.ts'
import { loadX509 } from './x509.ts'

export type CreateAuthorityInput = {
  /** The common name, such as `Portcullis Managed CA for account …`. */
  readonly name: string
  readonly nowMs: number
  /** From 1. Longer than what it will issue, or issuing is refused towards the end. */
  readonly validityDays: number
  /** Returns that many unpredictable octets. */
  readonly random: (octets: number) => Uint8Array
}

/** Creates key and certificate. */
export async function createAuthority(input: CreateAuthorityInput): Promise<AuthorityKeys> {
  const x509 = await loadX509()
  const keys = await generateSigningKeys()
  const name = new x509.Name([{ O: ['Portcullis'] }, { CN: [input.name] }])
  const nameDer = new Uint8Array(name.toArrayBuffer())
  const notBefore = Math.floor(input.nowMs / 1000)
  const certificate = await signCertificate(
    x509,
    {
      subjectDer: nameDer,
      issuerDer: nameDer,
      publicKeyDer: keys.publicKeyDer,
      serial: serialFrom(input.random(serialOctets)),
      notBefore,
      notAfter: notBefore + input.validityDays * 86_400,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(
          new x509.PublicKey(keys.publicKeyDer),
          false,
          crypto,
        ),
      ],
    },
    keys.privateKey,
  )
  return {
    certificate: encodePem('CERTIFICATE', certificate.der),
    privateKeyPkcs8: keys.privateKeyPkcs8,
  }
}
