/**
 * The server certificate of the local edge: kept across restarts so that a client which was told to trust
 * it goes on doing so, and made anew shortly before it expires, when it no longer fits its key, or when it
 * lacks a name.
 */
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { createServerCertificate } from '#engines/certificates'
import type { ServerIdentity } from './listener.ts'
import { readOptionalFile, writePrivateFile } from './private-file.ts'

export type ServerCertificateOptions = {
  readonly stateDir: string
  /** Host names beside localhost, 127.0.0.1 and ::1. */
  readonly hostnames: readonly string[]
  readonly nowMs: number
}

/** Browsers refuse more than 398 days. */
const VALIDITY_DAYS = 397
const RENEW_BEFORE_DAYS = 30
const DAY_MS = 86_400_000

/** Reads the certificate and key from the state directory, or makes and writes them (server.crt, server.key). */
export async function loadServerCertificate(
  options: ServerCertificateOptions,
): Promise<ServerIdentity> {
  const certificatePath = join(options.stateDir, 'server.crt')
  const keyPath = join(options.stateDir, 'server.key')
  const certificate = await readOptionalFile(certificatePath)
  const privateKey = await readOptionalFile(keyPath)
  const hosts = ['localhost', '127.0.0.1', '::1', ...options.hostnames] as const
  if (certificate !== null && privateKey !== null) {
    const kept = { certificate, privateKey }
    if (isUsable(kept, { hosts, nowMs: options.nowMs })) return kept
  }
  const made = await createServerCertificate({
    hosts,
    nowMs: options.nowMs,
    validityDays: VALIDITY_DAYS,
    random: (octets) => new Uint8Array(randomBytes(octets)),
  })
  await writePrivateFile(keyPath, made.privateKey)
  await writePrivateFile(certificatePath, made.certificate)
  return made
}

type Wanted = { readonly hosts: readonly string[]; readonly nowMs: number }

function isUsable(kept: ServerIdentity, wanted: Wanted): boolean {
  try {
    const certificate = new X509Certificate(kept.certificate)
    const expiresMs = certificate.validToDate.getTime()
    return (
      certificate.checkPrivateKey(createPrivateKey(kept.privateKey)) &&
      certificate.validFromDate.getTime() <= wanted.nowMs &&
      expiresMs - wanted.nowMs > RENEW_BEFORE_DAYS * DAY_MS &&
      wanted.hosts.every((host) => names(certificate, host))
    )
  } catch {
    // Not PEM, cut short, or written by hand: unusable is all there is to say, a new one replaces it.
    return false
  }
}

function names(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined
}
