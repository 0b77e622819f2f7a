/**
 * The identity of an operation: the same method, host and endpoint always give the same UUID.
 *
 * Promises RFC 9562 §5.5 (version 5, SHA-1 over a namespace of our own). The parts are taken as
 * given: normalise host and endpoint first, or the identity of one operation splits in two.
 */
import { sha1 } from '@noble/hashes/legacy.js'

/** The triple that names an operation, in its canonical spelling. */
export type OperationTriple = {
  readonly method: string
  readonly host: string
  readonly endpoint: string
}

/** Deterministic `operation_id` of a canonical operation. */
export async function operationId(triple: OperationTriple): Promise<string> {
  return identifierOf(new Uint8Array(await crypto.subtle.digest('SHA-1', namedBytes(triple))))
}

/** The same at once and in plain JavaScript, for what is compiled without waiting. */
export function operationIdSync(triple: OperationTriple): string {
  return identifierOf(sha1(namedBytes(triple)))
}

function namedBytes({ method, host, endpoint }: OperationTriple): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(`${method} ${host} ${endpoint}`)
  const bytes = new Uint8Array(namespaceBytes.length + name.length)
  bytes.set(namespaceBytes)
  bytes.set(name, namespaceBytes.length)
  return bytes
}

function identifierOf(digest: Uint8Array): string {
  const hex = [...digest.subarray(0, 16)].map(withVersionAndVariant).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Drawn once; changing it changes every operation_id. */
const namespace = 'cc2c2cb0-eb0a-46bb-8c70-d24a8568af53'
const namespaceBytes = Uint8Array.from(namespace.match(/[\da-f]{2}/g) ?? [], (pair) =>
  Number.parseInt(pair, 16),
)

function withVersionAndVariant(byte: number, index: number): string {
  const marked = index === 6 ? (byte & 0x0f) | 0x50 : index === 8 ? (byte & 0x3f) | 0x80 : byte
  return marked.toString(16).padStart(2, '0')
}
