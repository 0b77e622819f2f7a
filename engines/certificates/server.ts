/**
 * A self-signed server certificate for the local edge, for the names and addresses it listens on.
 * Nobody's root signs it: a client trusts it because it was given this very file (`curl --cacert`).
 */
import { encodePem } from './pem.ts'
import { generateSigningKeys, serialFrom, serialOctets, signCertificate } from './sign.ts'
import { loadX509 } from './x509.ts'

export type ServerCertificateInput = {
  /** Host names and IP addresses, without ports or brackets; the first becomes the common name. */
  readonly hosts: readonly [string, ...string[]]
  readonly nowMs: number
  /** From 1; browsers refuse server certificates above 398. */
  readonly validityDays: number
  /** Returns that many unpredictable octets. */
  readonly random: (octets: number) => Uint8Array
}

export type ServerCertificate = { readonly certificate: string; readonly privateKey: string }

/** Creates certificate and PKCS#8 key, both PEM. */
export async function createServerCertificate(
  input: ServerCertificateInput,
): Promise<ServerCertificate> {
  const x509 = await loadX509()
  const keys = await generateSigningKeys()
  const name = new Uint8Array(new x509.Name([{ CN: [input.hosts[0]] }]).toArrayBuffer())
  const notBefore = Math.floor(input.nowMs / 1000)
  const certificate = await signCertificate(
    x509,
    {
      subjectDer: name,
      issuerDer: name,
      publicKeyDer: keys.publicKeyDer,
      serial: serialFrom(input.random(serialOctets)),
      notBefore,
      notAfter: notBefore + input.validityDays * 86_400,
      extensions: [
        // CA:true lets a client that is given this file as its root accept it as such.
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign,
          true,
        ),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(input.hosts.map(alternativeName)),
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
    privateKey: encodePem('PRIVATE KEY', keys.privateKeyPkcs8),
  }
}

function alternativeName(host: string): { type: 'ip' | 'dns'; value: string } {
  const isAddress = host.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host)
  return { type: isAddress ? 'ip' : 'dns', value: host }
}
