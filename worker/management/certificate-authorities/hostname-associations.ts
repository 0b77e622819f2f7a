/**
 * The hostnames for which certificates of an authority count. A hostname may be associated with several authorities.
 * Without `mtls_certificate_id` the managed authority is meant; it is made here when hostnames are given before the first
 * certificate was issued.
 */
import * as z from 'zod/mini'
import { ok, type Result } from '#engines/result'
import type { Documents, Put, Selection } from '../../storage/ports.ts'
import { readBody } from '../body.ts'
import { problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { readHostnames } from '../hostnames.ts'
import { LIMITS } from '../limits.ts'
import type { ManagementPorts } from '../ports.ts'
import { transact } from '../transaction.ts'
import { AUTHORITY_SELECTION, makeAuthority, storedAuthority } from './managed.ts'

const BODY = z.object({
  hostnames: z.optional(z.array(z.string()).check(z.maxLength(LIMITS.hostnamesMax))),
  mtls_certificate_id: z.optional(z.string()),
})

export async function getHostnameAssociations({ ports, query }: Call): Promise<Outcome> {
  const id = query.get('mtls_certificate_id') ?? undefined
  const { documents } = await ports.zone.read(selectionOf(id))
  const authorityId = authorityIdOf(documents, id)
  if (authorityId === null && id !== undefined) return problem('not_found', NO_SUCH_AUTHORITY)
  return ok({ result: { hostnames: hostnamesOf(documents, authorityId) } })
}

/** An empty list removes all; a body without hostnames changes nothing. */
export async function updateHostnameAssociations({
  ports,
  request,
  actor,
}: Call): Promise<Outcome> {
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const { hostnames: written } = body.value
  const wanted = written === undefined ? ok(undefined) : readHostnames(written, '/hostnames')
  if (!wanted.ok) return wanted
  const { mtls_certificate_id: id } = body.value
  const action = 'certificate_authorities.hostname_associations.update'
  return transact(ports, { selection: selectionOf(id), actor, action }, async (documents) => {
    const stored = authorityIdOf(documents, id)
    if (stored === null && id !== undefined) {
      return problem('not_found', NO_SUCH_AUTHORITY, '/mtls_certificate_id')
    }
    const current = hostnamesOf(documents, stored)
    const hostnames = wanted.value ?? current
    const result = { hostnames }
    if (hostnames.join(' ') === current.join(' ')) return ok({ puts: [], deletes: [], result })
    const authority = stored === null ? await newAuthority(ports) : ok({ id: stored, puts: [] })
    if (!authority.ok) return authority
    const association = { certificate_authority_id: authority.value.id, hostnames }
    const put = {
      collection: 'hostname_association',
      id: authority.value.id,
      body: association,
    } as const
    return ok({ puts: [...authority.value.puts, put], deletes: [], result })
  })
}

const NO_SUCH_AUTHORITY = 'There is no certificate authority with this id.'

/** The managed authority is not known by its id before it is read. */
function selectionOf(id: string | undefined): Selection {
  const uploaded = id === undefined ? {} : { mtls_certificate: [id] }
  return { ...AUTHORITY_SELECTION, ...uploaded, hostname_association: 'all' }
}

/** `null` when there is no such authority, or no managed one yet. */
function authorityIdOf(documents: Documents, id: string | undefined): string | null {
  const managed = storedAuthority(documents)?.id ?? null
  if (id === undefined || id === managed) return managed
  return documents.mtls_certificate[0]?.id ?? null
}

async function newAuthority(
  ports: ManagementPorts,
): Promise<Result<{ readonly id: string; readonly puts: readonly Put[] }, Problems>> {
  const made = await makeAuthority(ports)
  return made.ok ? ok({ id: made.value.authority.id, puts: made.value.puts }) : made
}

function hostnamesOf(documents: Documents, authorityId: string | null): readonly string[] {
  const association = documents.hostname_association.find(
    ({ certificate_authority_id }) => certificate_authority_id === authorityId,
  )
  return association?.hostnames ?? []
}
