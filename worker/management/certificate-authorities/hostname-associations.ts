/**
 * The hostnames for which certificates of an authority count. Without `mtls_certificate_id` the managed authority is
 * meant; it is made here when hostnames are given before the first certificate was issued.
 */
import * as z from 'zod/mini'
import { ok } from '#engines/result'
import type { Documents } from '../../storage/ports.ts'
import { readBody } from '../body.ts'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { readHostnames } from '../hostnames.ts'
import { LIMITS } from '../limits.ts'
import { transact } from '../transaction.ts'
import { AUTHORITY_SELECTION, makeAuthority, storedAuthority } from './managed.ts'

const BODY = z.object({
  hostnames: z.optional(z.array(z.string()).check(z.maxLength(LIMITS.hostnamesMax))),
  mtls_certificate_id: z.optional(z.string()),
})

const SELECTION = { ...AUTHORITY_SELECTION, hostname_association: 'all' } as const

export async function getHostnameAssociations({ ports, query }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read(SELECTION)
  const id = query.get('mtls_certificate_id')
  if (isStranger(documents, id)) return problem('not_found', NO_SUCH_AUTHORITY)
  return ok({ result: { hostnames: hostnamesOf(documents, storedAuthority(documents)?.id) } })
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
  const action = 'certificate_authorities.hostname_associations.update'
  return transact(ports, { selection: SELECTION, actor, action }, async (documents) => {
    if (isStranger(documents, body.value.mtls_certificate_id)) {
      return problem('not_found', NO_SUCH_AUTHORITY, '/mtls_certificate_id')
    }
    const stored = storedAuthority(documents)
    const current = hostnamesOf(documents, stored?.id)
    const hostnames = wanted.value ?? current
    const result = { hostnames }
    if (hostnames.join(' ') === current.join(' ')) return ok({ puts: [], deletes: [], result })
    const made =
      stored === undefined ? await makeAuthority(ports) : ok({ authority: stored, puts: [] })
    if (!made.ok) return made
    const { authority, puts } = made.value
    const association = { certificate_authority_id: authority.id, hostnames }
    return ok({
      puts: [...puts, { collection: 'hostname_association', id: authority.id, body: association }],
      deletes: [],
      result,
    })
  })
}

const NO_SUCH_AUTHORITY = 'There is no certificate authority with this id.'

function isStranger(documents: Documents, id: string | null | undefined): boolean {
  return id !== null && id !== undefined && id !== storedAuthority(documents)?.id
}

function hostnamesOf(documents: Documents, authorityId: string | undefined): readonly string[] {
  const association = documents.hostname_association.find(
    ({ certificate_authority_id }) => certificate_authority_id === authorityId,
  )
  return association?.hostnames ?? []
}
