/**
 * What kind of client opened the TLS connection. JA4 and JA3 are there only with Bot Management; without them the digests
 * and the length of the client's hello say much the same. A hint and no proof: whoever wants to can have any fingerprint.
 */
import { memberOf, textOf } from './members.ts'

/** Null without TLS, or where the platform says nothing of it. */
export function tlsFingerprintOf(cf: { readonly [name: string]: unknown }): string | null {
  const bots = memberOf(cf, 'botManagement')
  const told = textOf(bots, 'ja4') || textOf(bots, 'ja3Hash')
  if (told !== '') return told
  const hello = HELLO.map((member) => textOf(cf, member))
  return hello.every((part) => part === '') ? null : hello.join('_')
}

/** Base64 has no underscore. */
const HELLO = ['tlsClientCiphersSha1', 'tlsClientExtensionsSha1', 'tlsClientHelloLength']
