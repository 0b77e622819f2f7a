/**
 * The hostnames for which certificates of an authority count. Without `mtls_certificate_id` the managed authority is
 * meant; it is made here when hostnames are given before the first certificate was issued.
 */
import * as z from 'zod/mini'
import { parseHostPattern } from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import type { Documents } from '../../storage/ports.ts'
import { describeHostError } from '../api-gateway/operation-triple.ts'
import { readBody } from '../body.ts'
import { type Problem, problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
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
  const wanted = readHostnames(body.value.hostnames)
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

/** Normalised as requests are compared: lower case, without port; each once. */
function readHostnames(
  hostnames: readonly string[] | undefined,
): Result<readonly string[] | undefined, Problems> {
  if (hostnames === undefined) return ok(undefined)
  const problems: Problem[] = []
  const read = new Set<string>()
  for (const [index, hostname] of hostnames.entries()) {
    const parsed = parseHostPattern(hostname)
    const pointer = `/hostnames/${index}`
    if (/[{*]/.test(hostname)) {
      const message = 'Patterns are not supported here; write each hostname out.'
      problems.push({ error: 'invalid_hostname', message, pointer })
    } else if (!parsed.ok) {
      problems.push({
        error: 'invalid_hostname',
        message: describeHostError(parsed.error),
        pointer,
      })
    } else {
      read.add(parsed.value)
    }
  }
  return problems.length > 0 ? err(problems) : ok([...read])
}
