/**
 * Fetches revocation lists from the URLs that the operator configured: what is due, the longest due first, one after another
 * because one list may fill a quarter of an isolate's memory. A failure keeps the list in force and leaves one event when it
 * begins or changes.
 */
import { readRevocationList } from '#engines/certificates'
import { err, ok, type Result } from '#engines/result'
import { describeRemoteFailure, fetchDocument } from '../../../remote/document.ts'
import { sha256Hex } from '../../../storage/digest.ts'
import type { Documents } from '../../../storage/ports.ts'
import type { MtlsCertificate, RevocationFetch } from '../../../storage/resources/certificates.ts'
import { shieldEvent } from '../../../storage/shield-event.ts'
import { LIMITS } from '../../limits.ts'
import { certificatesOf, readStoredBundle } from '../../mtls-certificates/bundle.ts'
import type { ManagementPorts } from '../../ports.ts'
import { type Decision, transact } from '../../transaction.ts'
import { describeCrlFailure } from './crl-failure.ts'
import { nextAfterFailure, nextAfterSuccess } from './fetch-times.ts'
import { describeListRefusal, type ListChange, type Received, replaceList } from './list-state.ts'

/** For the scheduled handler: whatever is due. Throws when storage cannot be reached. */
export async function refreshRevocationLists(ports: ManagementPorts): Promise<void> {
  const { documents } = await ports.zone.read({ revocation_fetch: 'all' })
  const nowMs = ports.nowMs()
  const due = documents.revocation_fetch
    .filter((fetch) => Date.parse(fetch.next_attempt_at) <= nowMs)
    .toSorted((a, b) => Date.parse(a.next_attempt_at) - Date.parse(b.next_attempt_at))
  await fetchLists(ports, due, 'schedule')
}

/** What there is no time for stays due. */
export async function fetchLists(
  ports: ManagementPorts,
  fetches: readonly RevocationFetch[],
  actor: string,
): Promise<void> {
  const endMs = ports.nowMs() + LIMITS.revocationFetchRunMs
  for (const fetch of fetches) {
    if (ports.nowMs() >= endMs) return
    await fetchList(ports, fetch, actor)
  }
}

async function fetchList(
  ports: ManagementPorts,
  { id, url, mtls_certificate_id }: RevocationFetch,
  actor: string,
): Promise<void> {
  const stored = await ports.zone.read({ mtls_certificate: [mtls_certificate_id] })
  const [certificate] = stored.documents.mtls_certificate
  if (certificate === undefined) return
  const received = await receive(ports, certificate, url)
  const selection = {
    mtls_certificate: [mtls_certificate_id],
    revocation_list: 'all',
    revocation_fetch: [id],
  } as const
  const newId = ports.uuid()
  const transaction = { selection, actor, action: 'portcullis.revocation.fetch' }
  const done = await transact(ports, transaction, async (documents) =>
    ok(decide(documents, received, { nowMs: ports.nowMs(), newId })),
  )
  // After a conflict without end it is still due.
  if (!done.ok || done.value.result === null) return
  const description = `The revocation list of ${certificate.name || certificate.issuer} (${certificate.id}) could not be renewed from ${url}. ${done.value.result}`
  const event = { reason: 'revocation_list_failed', description, nowMs: ports.nowMs() }
  await ports.events.record([shieldEvent({ id: ports.uuid(), ...event })])
}

/** Everything that can be known without looking at what is stored; a sentence when it failed. */
async function receive(
  ports: ManagementPorts,
  certificate: MtlsCertificate,
  url: string,
): Promise<Result<Received, string>> {
  const fetched = await fetchDocument(ports.remote, {
    url,
    bytesMax: LIMITS.revocationListBytesMax,
    timeoutMs: LIMITS.revocationFetchTimeoutMs,
    accept: 'application/pkix-crl, application/x-pem-file;q=0.9, */*;q=0.1',
    // The list is signed, and most authorities publish theirs over http (RFC 5280 §8).
    plainHttp: true,
  })
  if (!fetched.ok) return err(describeRemoteFailure(fetched.error))
  return readList(ports, certificate, { bytes: fetched.value.bytes, url })
}

/** Reads and verifies a list of the authority, or of one of the intermediates in its bundle. */
export async function readList(
  ports: ManagementPorts,
  certificate: MtlsCertificate,
  { bytes, url }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly url: string | null },
): Promise<Result<Received, string>> {
  const receivedAtMs = ports.nowMs()
  const bundle = readStoredBundle(certificate)
  if (bundle === null) return err('The authority cannot be used any more: upload it again.')
  const read = await readRevocationList({
    bytes,
    issuers: certificatesOf(bundle),
    allowSha1: bundle.allowSha1,
    nowMs: receivedAtMs,
  })
  if (!read.ok) return err(describeCrlFailure(read.error))
  const sha256 = await sha256Hex(bytes.buffer)
  return ok({ mtlsCertificateId: certificate.id, read: read.value, sha256, url, receivedAtMs })
}

/** The result is what to announce: the failure, when it is not the one that was announced already. */
function decide(
  documents: Documents,
  received: Result<Received, string>,
  { nowMs, newId }: { readonly nowMs: number; readonly newId: string },
): Decision<string | null> {
  const [fetch] = documents.revocation_fetch
  // The URL or its authority was removed while its list was fetched.
  if (fetch === undefined || documents.mtls_certificate.length === 0) return NOTHING
  const change = received.ok ? replace(documents, received.value, newId) : received
  const attempted = new Date(nowMs).toISOString()
  if (!change.ok) {
    const next = nextAfterFailure(nowMs, lastPause(fetch))
    const body: RevocationFetch = {
      ...fetch,
      attempted_at: attempted,
      next_attempt_at: new Date(next).toISOString(),
      failure: change.error,
    }
    const put = { collection: 'revocation_fetch', id: fetch.id, body } as const
    const result = fetch.failure === change.error ? null : change.error
    return { puts: [put], deletes: [], result }
  }
  const { list, puts, deletes } = change.value
  const nextUpdateMs = list.next_update === null ? null : Date.parse(list.next_update)
  const body: RevocationFetch = {
    ...fetch,
    attempted_at: attempted,
    succeeded_at: attempted,
    next_attempt_at: new Date(nextAfterSuccess(nowMs, nextUpdateMs)).toISOString(),
    failure: null,
  }
  const put = { collection: 'revocation_fetch', id: fetch.id, body } as const
  return { puts: [...puts, put], deletes, result: null }
}

const NOTHING: Decision<null> = { puts: [], deletes: [], result: null }

function replace(
  documents: Documents,
  received: Received,
  newId: string,
): Result<ListChange, string> {
  const change = replaceList(documents.revocation_list, received, newId)
  return change.ok ? change : err(describeListRefusal(change.error))
}

function lastPause({ failure, attempted_at, next_attempt_at }: RevocationFetch): number | null {
  if (failure === null || attempted_at === null) return null
  return Date.parse(next_attempt_at) - Date.parse(attempted_at)
}
