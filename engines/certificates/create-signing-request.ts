/**
 * Makes a key pair (ECDSA P-256) and the PKCS#10 request (RFC 2986) that asks for a certificate over it. The caller keeps
 * the private key; only the request is meant to travel.
 */
import { encodePem } from './pem.ts'
import { generateSigningKeys, signingAlgorithm } from './sign.ts'
import { loadX509 } from './x509.ts'

type RequestedSubject = {
  readonly commonName: string
  /** Null leaves it out. */
  readonly organization: string | null
}

export type CreatedSigningRequest = {
  /** PEM. */
  readonly csr: string
  readonly privateKeyPkcs8: Uint8Array<ArrayBuffer>
}

/** Creates both; the platform supplies the key's randomness. */
export async function createSigningRequest({
  commonName,
  organization,
}: RequestedSubject): Promise<CreatedSigningRequest> {
  const x509 = await loadX509()
  const keys = await generateSigningKeys()
  // As objects: in plain texts the library takes quotes and # for escapes.
  const subject = new x509.Name([
    ...(organization === null ? [] : [{ O: [{ utf8String: organization }] }]),
    { CN: [{ utf8String: commonName }] },
  ])
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: subject,
      keys: { privateKey: keys.privateKey, publicKey: keys.publicKey },
      signingAlgorithm,
    },
    crypto,
  )
  return {
    csr: encodePem('CERTIFICATE REQUEST', new Uint8Array(request.rawData)),
    privateKeyPkcs8: keys.privateKeyPkcs8,
  }
}
