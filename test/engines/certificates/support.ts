/** Vectors of test/vectors/x509 and a throw-away authority, for the tests of this folder. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  createAuthority,
  decodePem,
  encodePem,
  issueClientCertificate,
  readSigningRequest,
  type AuthorityKeys,
  type IssuedCertificate,
  type SigningRequest,
} from '#engines/certificates'

/** 2026-11-22T00:00:00Z. */
export const nowMs = 1_795_305_600_000

export function listVectors(folder: string): readonly string[] {
  return readdirSync(vectorPath(folder))
    .filter((file) => file.endsWith('.pem'))
    .toSorted()
}

export function readVector(path: string): string {
  return readFileSync(vectorPath(path)).toString()
}

/** The DER of the one certificate in `pem`. */
export function certificateDer(pem: string): Uint8Array<ArrayBuffer> {
  const blocks = decodePem(pem, ['CERTIFICATE'])
  const [der] = blocks.ok ? blocks.value : []
  if (der === undefined) throw new Error('not a certificate')
  return der
}

export function certificatePem(base64: string): string {
  return encodePem('CERTIFICATE', fromBase64(base64))
}

export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

export function randomOctets(octets: number): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(octets)
  crypto.getRandomValues(filled)
  return filled
}

export async function makeAuthority(validityDays = 3650): Promise<AuthorityKeys> {
  return createAuthority({ name: 'Test CA', nowMs, validityDays, random: randomOctets })
}

export async function readRequest(file = 'cfssl-ecdsa-256.pem'): Promise<SigningRequest> {
  const request = await readSigningRequest(readVector(`requests/${file}`))
  if (!request.ok) throw new Error(request.error.message)
  return request.value
}

/** A client certificate of one year under `authority`. */
export async function issue(authority: AuthorityKeys): Promise<IssuedCertificate> {
  const request = await readRequest()
  const serial = new Uint8Array([1, 2, 3])
  const issued = await issueClientCertificate({
    request,
    authority,
    validityDays: 365,
    nowMs,
    serial,
  })
  if (!issued.ok) throw new Error(issued.error.reason)
  return issued.value
}

function vectorPath(path: string): string {
  return join(import.meta.dirname, '../../vectors/x509', path)
}
