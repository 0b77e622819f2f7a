/**
 * The account's managed authority: made when it is first needed, in the transaction that needs it, so there is never a
 * second one. Its private key is stored sealed under SEALING_SECRET and opened only to sign.
 */
import { createAuthority } from '#engines/certificates'
import { ok, type Result } from '#engines/result'
import { open, seal } from '#engines/sealing'
import type { Documents, Put } from '../../storage/ports.ts'
import type { CertificateAuthority } from '../../storage/resources/certificates.ts'
import { problem, type Problems } from '../envelope.ts'
import type { ManagementPorts } from '../ports.ts'

/** Longer than the longest client certificate, so that one can be had for years to come. */
const AUTHORITY_VALIDITY_DAYS = 20 * 365

export const AUTHORITY_SELECTION = { certificate_authority: 'all', authority_key: 'all' } as const

export type ManagedAuthority = {
  readonly authority: CertificateAuthority
  readonly privateKeyPkcs8: Uint8Array<ArrayBuffer>
  /** What has to be committed with it; empty when it was there already. */
  readonly puts: readonly Put[]
}

/** The authority with its key, for signing. */
export async function managedAuthority(
  ports: ManagementPorts,
  documents: Documents,
): Promise<Result<ManagedAuthority, Problems>> {
  const authority = storedAuthority(documents)
  if (authority === undefined) return makeAuthority(ports)
  const key = documents.authority_key.find(({ id }) => id === authority.id)
  if (key === undefined) return problem('authority_unusable')
  const opened = await open(key.sealed_private_key, sealingOf(ports))
  return opened.ok
    ? ok({ authority, privateKeyPkcs8: opened.value, puts: [] })
    : problem('authority_unusable')
}

export function storedAuthority(documents: Documents): CertificateAuthority | undefined {
  return documents.certificate_authority[0]
}

/** Makes the authority; it exists when `puts` are committed. */
export async function makeAuthority(
  ports: ManagementPorts,
): Promise<Result<ManagedAuthority, Problems>> {
  const id = ports.uuid()
  const name = `Portcullis Managed CA for account ${ports.settings.ACCOUNT_ID}`
  const { certificate, privateKeyPkcs8 } = await createAuthority({
    name,
    nowMs: ports.nowMs(),
    validityDays: AUTHORITY_VALIDITY_DAYS,
    random: ports.random,
  })
  const sealed = await seal(privateKeyPkcs8, sealingOf(ports))
  if (!sealed.ok) return problem('authority_unusable')
  const authority = { id, name, certificate }
  return ok({
    authority,
    privateKeyPkcs8,
    puts: [
      { collection: 'certificate_authority', id, body: authority },
      { collection: 'authority_key', id, body: { id, sealed_private_key: sealed.value } },
    ],
  })
}

/** A sealed key opens for the account it was made for alone. */
function sealingOf({ settings, random }: ManagementPorts) {
  return {
    secret: settings.SEALING_SECRET,
    context: `certificate-authority:${settings.ACCOUNT_ID}`,
    random,
  }
}
