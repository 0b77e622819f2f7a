/**
 * Authorities that the operator brings (bring your own CA): any number of them, each a PEM bundle of anchors and of
 * intermediates that help. Only authorities of clients are kept here: a Worker shows an origin its own certificate by a
 * binding, so leaf certificates and private keys are refused.
 */
import * as z from 'zod/mini'
import type { AuthorityBundle } from '#engines/certificates'
import { ok } from '#engines/result'
import type { Delete, Documents } from '../../storage/ports.ts'
import type { MtlsCertificate } from '../../storage/resources/certificates.ts'
import { readBody } from '../body.ts'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { removingList } from '../portcullis/revocation/list-state.ts'
import { transact } from '../transaction.ts'
import {
  anchorKeys,
  anchorTexts,
  readManagedBundle,
  readNewBundle,
  readStoredBundle,
} from './bundle.ts'
import { readTypes } from './certificate-types.ts'

const UPLOAD = z.object({
  ca: z.literal(true, {
    error:
      'Only authorities are kept here (true). A Worker presents a client certificate to an origin by an mtls_certificates binding of its own.',
  }),
  certificates: z.string().check(z.minLength(1)),
  name: z.optional(z.string().check(z.maxLength(LIMITS.mtlsCertificateNameCharactersMax))),
  private_key: z.optional(
    z.literal('', { error: 'The private key of an authority must not be given to anybody.' }),
  ),
  allow_sha1: z.optional(z.boolean()),
})

export async function createMtlsCertificate({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, UPLOAD)
  if (!body.ok) return body
  const { certificates, name = '', allow_sha1 = false } = body.value
  const nowMs = ports.nowMs()
  const read = readNewBundle(certificates, { allowSha1: allow_sha1, nowMs })
  if (!read.ok) return read
  const { bundle, description } = read.value
  const transaction = {
    selection: { mtls_certificate: 'all', certificate_authority: 'all' },
    actor,
    action: 'mtls_certificates.create',
  } as const
  return transact(ports, transaction, async (documents) => {
    const stored = documents.mtls_certificate
    const refusal = refuseTwin(documents, bundle) ?? refuseFull(stored, certificates.length)
    if (refusal !== null) return refusal
    const result: MtlsCertificate = {
      id: ports.uuid(),
      ca: true,
      certificates,
      ...description,
      name,
      type: 'custom',
      uploaded_on: new Date(nowMs).toISOString(),
      allow_sha1,
      revocation: { crl_urls: [], on_stale: 'refuse' },
    }
    const put = { collection: 'mtls_certificate', id: result.id, body: result } as const
    return ok({ puts: [put], deletes: [], result })
  })
}

/** All at once: the official client knows no pages here. */
export async function listMtlsCertificates({ ports, query }: Call): Promise<Outcome> {
  const types = readTypes(query)
  if (!types.ok) return types
  const { documents } = await ports.zone.read({ mtls_certificate: 'all' })
  return ok({ result: documents.mtls_certificate.filter(({ type }) => types.value.has(type)) })
}

export async function getMtlsCertificate({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ mtls_certificate: [param('mtls_certificate_id')] })
  const [certificate] = documents.mtls_certificate
  return certificate === undefined ? problem('not_found') : ok({ result: certificate })
}

export async function deleteMtlsCertificate({ ports, param, actor }: Call): Promise<Outcome> {
  const id = param('mtls_certificate_id')
  const selection = {
    mtls_certificate: [id],
    hostname_association: [id],
    revocation_list: 'all',
    revocation_fetch: 'all',
  } as const
  const transaction = { selection, actor, action: 'mtls_certificates.delete' }
  return transact(ports, transaction, async (documents) => {
    const [certificate] = documents.mtls_certificate
    if (certificate === undefined) return problem('not_found')
    const [hostname] = documents.hostname_association.flatMap((each) => each.hostnames)
    if (hostname !== undefined) {
      return problem(
        'certificate_in_use',
        `Hostnames such as ${hostname} are associated with it: remove the associations first.`,
      )
    }
    return ok({ puts: [], deletes: deletesOf(documents, id), result: certificate })
  })
}

/** With everything that was kept for it. */
function deletesOf(documents: Documents, id: string): readonly Delete[] {
  const { hostname_association, revocation_list, revocation_fetch } = documents
  const lists = revocation_list.filter((list) => list.mtls_certificate_id === id)
  const fetches = revocation_fetch.filter((fetch) => fetch.mtls_certificate_id === id)
  return [
    { collection: 'mtls_certificate', id },
    ...hostname_association.map(() => ({ collection: 'hostname_association', id }) as const),
    ...lists.flatMap(removingList),
    ...fetches.map((fetch) => ({ collection: 'revocation_fetch', id: fetch.id }) as const),
  ]
}

/**
 * The same certificate again is a mistake; the same authority in a renewed certificate is not, its lists revoke wherever its
 * key is trusted. Revocations of the managed authority count under itself alone, so no copy of it is taken.
 */
function refuseTwin(
  { mtls_certificate, certificate_authority }: Documents,
  bundle: AuthorityBundle,
): ReturnType<typeof problem> | null {
  const keys = anchorKeys(bundle)
  const isManaged = certificate_authority
    .map(readManagedBundle)
    .some((managed) => managed !== null && anchorKeys(managed).some((key) => keys.includes(key)))
  if (isManaged) {
    return problem(
      'certificate_exists',
      'This is the managed authority: associate hostnames with it by leaving mtls_certificate_id out.',
    )
  }
  const anchors = anchorTexts(bundle)
  const twin = mtls_certificate.find((uploaded) => {
    const stored = readStoredBundle(uploaded)
    return stored !== null && anchorTexts(stored).some((text) => anchors.includes(text))
  })
  if (twin === undefined) return null
  const name = twin.name === '' ? '' : ` (${twin.name})`
  return problem('certificate_exists', `This authority was uploaded already, as ${twin.id}${name}.`)
}

function refuseFull(
  stored: readonly MtlsCertificate[],
  characters: number,
): ReturnType<typeof problem> | null {
  const { mtlsCertificatesMax, mtlsCertificateCharactersTotalMax } = LIMITS
  if (stored.length >= mtlsCertificatesMax) {
    return problem('limit_reached', `There may be at most ${mtlsCertificatesMax} authorities.`)
  }
  const total = stored.reduce((sum, { certificates }) => sum + certificates.length, characters)
  return total > mtlsCertificateCharactersTotalMax
    ? problem(
        'limit_reached',
        `All authorities together may have at most ${mtlsCertificateCharactersTotalMax} characters.`,
      )
    : null
}
