/**
 * Packs a private key and its certificate as PKCS#12 (RFC 7292), the file that phones, browsers and key stores import. Key
 * and certificate are encrypted with AES-256 under PBKDF2 with SHA-256, and the whole carries a SHA-256 MAC: what OpenSSL 3
 * writes itself. The older form (3DES, SHA-1) is never written, although some importers, Apple's for long, take no other.
 */
import {
  Attribute,
  AuthenticatedSafe,
  CertBag,
  Certificate,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  SafeBag,
  SafeContents,
} from 'pkijs'

export type Pkcs12Contents = {
  readonly privateKeyPkcs8: Uint8Array<ArrayBuffer>
  readonly certificateDer: Uint8Array<ArrayBuffer>
  readonly password: string
}

/** PBKDF2 and MAC rounds. OpenSSL writes 2,048; more costs an importing phone nothing it would notice. */
const ITERATIONS = 100_000

const CONTENT_ENCRYPTION = { name: 'AES-CBC', length: 256 }
const DIGEST = 'SHA-256'

/** PKCS #9 and #12 object identifiers (RFC 7292 §4.2, RFC 2985 §5.5). */
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3'

/** The DER of the PFX. */
export async function packPkcs12({
  privateKeyPkcs8,
  certificateDer,
  password,
}: Pkcs12Contents): Promise<Uint8Array<ArrayBuffer>> {
  const bagAttributes = [await localKeyId(certificateDer)]
  const keyBag = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(privateKeyPkcs8) })
  const encryption = {
    password: Uint8Array.from(new TextEncoder().encode(password)).buffer,
    // The library draws a random IV for each use itself; its type asks for one all the same.
    contentEncryptionAlgorithm: { ...CONTENT_ENCRYPTION, iv: new Uint8Array(16) },
    hmacHashAlgorithm: DIGEST,
    iterationCount: ITERATIONS,
  }
  await keyBag.makeInternalValues(encryption)
  const certificateBag = new CertBag({ parsedValue: Certificate.fromBER(certificateDer) })
  const safe = new AuthenticatedSafe({
    parsedValue: {
      safeContents: [
        {
          privacyMode: 0,
          value: new SafeContents({
            safeBags: [new SafeBag({ bagId: SHROUDED_KEY_BAG, bagValue: keyBag, bagAttributes })],
          }),
        },
        {
          privacyMode: 1,
          value: new SafeContents({
            safeBags: [
              new SafeBag({ bagId: CERTIFICATE_BAG, bagValue: certificateBag, bagAttributes }),
            ],
          }),
        },
      ],
    },
  })
  await safe.makeInternalValues({ safeContents: [{}, encryption] })
  const pfx = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe: safe } })
  await pfx.makeInternalValues({
    password: encryption.password,
    iterations: ITERATIONS,
    pbkdf2HashAlgorithm: DIGEST,
    hmacHashAlgorithm: DIGEST,
  })
  return new Uint8Array(pfx.toSchema().toBER(false))
}

/** Attribute { localKeyId, SET { OCTET STRING of 20 octets } }: what tells an importer that key and certificate are a pair. */
async function localKeyId(certificateDer: Uint8Array<ArrayBuffer>): Promise<Attribute> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', certificateDer))
  return Attribute.fromBER(Uint8Array.from([...LOCAL_KEY_ID_HEAD, ...digest.subarray(0, 20)]))
}

const LOCAL_KEY_ID_HEAD = [
  0x30, 0x23, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15, 0x31, 0x16, 0x04,
  0x14,
]
