/**
 * Revocation lists of an uploaded authority: where they are fetched from, what holds once the newest is out of date, which are
 * in force, and how the last fetches went. A URL that is new is fetched before the call is answered.
 */
import * as z from 'zod/mini'
import { err, ok, type Result } from '#engines/result'
import { checkRemoteUrl, describeRemoteFailure } from '../../../remote/document.ts'
import { sha256Hex } from '../../../storage/digest.ts'
import type { Delete, Put } from '../../../storage/ports.ts'
import type {
  RevocationFetch,
  RevocationSettings,
} from '../../../storage/resources/certificates.ts'
import { readBody } from '../../body.ts'
import { type Problem, problem, type Problems } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import type { ManagementPorts } from '../../ports.ts'
import { transact } from '../../transaction.ts'
import { fetchLists } from './refresh.ts'

const SETTINGS = z.object({
  crl_urls: z.optional(z.array(z.string()).check(z.maxLength(LIMITS.revocationUrlsMax))),
  on_stale: z.optional(z.enum(['refuse', 'accept'])),
})

export async function getRevocation({ ports, param }: Call): Promise<Outcome> {
  return stateOf(ports, param('mtls_certificate_id'))
}

/** Replaces both settings; a list that was fetched from a URL that goes stays in force. */
export async function updateRevocation({ ports, request, param, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, SETTINGS)
  if (!body.ok) return body
  const urls = readUrls(body.value.crl_urls ?? [], ports)
  if (!urls.ok) return urls
  const id = param('mtls_certificate_id')
  const settings: RevocationSettings = {
    crl_urls: urls.value,
    on_stale: body.value.on_stale ?? 'refuse',
  }
  const wanted = await Promise.all(urls.value.map((url) => newFetch(ports, id, url)))
  const selection = { mtls_certificate: [id], revocation_fetch: 'all' } as const
  const transaction = { selection, actor, action: 'portcullis.revocation.update' }
  const done = await transact(ports, transaction, async (documents) => {
    const [certificate] = documents.mtls_certificate
    if (certificate === undefined) return problem('not_found')
    const known = documents.revocation_fetch.filter((fetch) => fetch.mtls_certificate_id === id)
    const added = missingFrom(known, wanted)
    const isSame = JSON.stringify(certificate.revocation) === JSON.stringify(settings)
    const next = { ...certificate, revocation: settings }
    const puts: readonly Put[] = [
      ...(isSame ? [] : [{ collection: 'mtls_certificate', id, body: next } as const]),
      ...added.map((fetch): Put => ({ collection: 'revocation_fetch', id: fetch.id, body: fetch })),
    ]
    const deletes = missingFrom(wanted, known).map((fetch): Delete => {
      return { collection: 'revocation_fetch', id: fetch.id }
    })
    return ok({ puts, deletes, result: added })
  })
  if (!done.ok) return done
  await fetchLists(ports, done.value.result, actor)
  const state = await stateOf(ports, id)
  return state.ok ? ok({ ...state.value, notices: done.value.notices }) : state
}

function missingFrom(
  these: readonly RevocationFetch[],
  others: readonly RevocationFetch[],
): readonly RevocationFetch[] {
  return others.filter(({ id }) => these.every((each) => each.id !== id))
}

async function stateOf({ zone }: ManagementPorts, id: string): Promise<Outcome> {
  const { documents } = await zone.read({
    mtls_certificate: [id],
    revocation_list: 'all',
    revocation_fetch: 'all',
  })
  const [certificate] = documents.mtls_certificate
  if (certificate === undefined) return problem('not_found')
  const isOurs = (each: { readonly mtls_certificate_id: string }) => each.mtls_certificate_id === id
  return ok({
    result: {
      ...certificate.revocation,
      lists: documents.revocation_list.filter(isOurs),
      fetches: documents.revocation_fetch.filter(isOurs),
    },
  })
}

/** Each once. */
function readUrls(
  urls: readonly string[],
  { remote }: ManagementPorts,
): Result<readonly string[], Problems> {
  const problems = urls.flatMap((url, index): readonly Problem[] => {
    const fault = checkRemoteUrl(url, remote.allowPrivate, true)
    if (fault === null) return []
    const message = describeRemoteFailure(fault)
    return [{ error: 'invalid_body', message, pointer: `/crl_urls/${index}` }]
  })
  return problems.length > 0 ? err(problems) : ok([...new Set(urls)])
}

/** Due at once, should the fetch that follows not come to its end. */
async function newFetch(
  ports: ManagementPorts,
  mtlsCertificateId: string,
  url: string,
): Promise<RevocationFetch> {
  const digest = await sha256Hex(url)
  return {
    id: `${mtlsCertificateId}/${digest.slice(0, 32)}`,
    mtls_certificate_id: mtlsCertificateId,
    url,
    attempted_at: null,
    succeeded_at: null,
    next_attempt_at: new Date(ports.nowMs()).toISOString(),
    failure: null,
  }
}
