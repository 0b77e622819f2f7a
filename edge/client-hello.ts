/**
 * Reads the first message of a TLS handshake, for the fingerprint members of request.cf. It looks, it does
 * not judge: bytes it cannot read are OpenSSL's to refuse.
 */

export type ClientHello = {
  /** Of the message without its four-byte handshake header. */
  readonly lengthBytes: number
  /** 32 bytes. */
  readonly random: Uint8Array
  /** Cipher suite numbers in received order, two bytes each, big-endian. */
  readonly ciphers: Uint8Array
  /** Extension numbers in received order, two bytes each, big-endian. */
  readonly extensions: Uint8Array
}

export type ClientHelloReading =
  | { readonly state: 'incomplete' }
  | { readonly state: 'unreadable' }
  | { readonly state: 'complete'; readonly hello: ClientHello }

/** Reads a ClientHello (RFC 8446 §4.1.2) from the start of a connection; `incomplete` asks for more bytes. */
export function readClientHello(bytes: Uint8Array): ClientHelloReading {
  const handshake = joinRecords(bytes)
  if (handshake === null) return { state: 'unreadable' }
  // struct { HandshakeType msg_type = client_hello(1); uint24 length; … } Handshake
  if (handshake.length < 4) return { state: 'incomplete' }
  if (handshake[0] !== 1) return { state: 'unreadable' }
  const lengthBytes = readNumber(handshake, 1, 3)
  if (handshake.length < 4 + lengthBytes) return { state: 'incomplete' }
  const hello = readBody(handshake.subarray(4, 4 + lengthBytes))
  return hello === null ? { state: 'unreadable' } : { state: 'complete', hello }
}

const RECORD_HANDSHAKE = 22
const RECORD_HEADER_BYTES = 5

/** The handshake bytes out of the records they came in; null when the bytes are not TLS handshake records. */
function joinRecords(bytes: Uint8Array): Uint8Array | null {
  const fragments: Uint8Array[] = []
  let offset = 0
  while (offset < bytes.length) {
    if (bytes[offset] !== RECORD_HANDSHAKE) return offset === 0 ? null : concatenate(fragments)
    if (bytes.length < offset + RECORD_HEADER_BYTES) break
    const end = offset + RECORD_HEADER_BYTES + readNumber(bytes, offset + 3, 2)
    fragments.push(bytes.subarray(offset + RECORD_HEADER_BYTES, end))
    offset = end
  }
  return concatenate(fragments)
}

/**
 * ProtocolVersion legacy_version; Random random; opaque legacy_session_id<0..32>;
 * CipherSuite cipher_suites<2..2^16-2>; opaque legacy_compression_methods<1..2^8-1>; Extension extensions<8..2^16-1>
 */
function readBody(body: Uint8Array): ClientHello | null {
  const random = body.subarray(2, 34)
  const session = readVector(body, 34, 1)
  if (session === null) return null
  const ciphers = readVector(body, session.end, 2)
  if (ciphers === null) return null
  const compression = readVector(body, ciphers.end, 1)
  if (compression === null) return null
  const extensions = readVector(body, compression.end, 2)
  // TLS 1.2 allows a ClientHello without extensions.
  const types = extensions === null ? new Uint8Array() : readExtensionTypes(extensions.value)
  return { lengthBytes: body.length, random, ciphers: ciphers.value, extensions: types }
}

/** struct { ExtensionType extension_type; opaque extension_data<0..2^16-1>; } Extension */
function readExtensionTypes(extensions: Uint8Array): Uint8Array {
  const types: Uint8Array[] = []
  let offset = 0
  while (offset + 4 <= extensions.length) {
    types.push(extensions.subarray(offset, offset + 2))
    offset += 4 + readNumber(extensions, offset + 2, 2)
  }
  return concatenate(types)
}

type Vector = { readonly value: Uint8Array; readonly end: number }

function readVector(bytes: Uint8Array, offset: number, lengthBytes: number): Vector | null {
  const start = offset + lengthBytes
  if (start > bytes.length) return null
  const end = start + readNumber(bytes, offset, lengthBytes)
  return end > bytes.length ? null : { value: bytes.subarray(start, end), end }
}

function readNumber(bytes: Uint8Array, offset: number, lengthBytes: number): number {
  return bytes.subarray(offset, offset + lengthBytes).reduce((value, byte) => value * 256 + byte, 0)
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
