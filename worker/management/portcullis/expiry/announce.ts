/**
 * One event 30, 7 and 1 days before something expires, once each: what was announced is remembered with the date it was about,
 * so that a renewed list or certificate is announced again. Whatever lives no longer than such a period is not announced for
 * it: a list that is new every day always expires within thirty.
 */
import { ok } from '#engines/result'
import type { Delete, Put } from '../../../storage/ports.ts'
import type { ExpiryNotice } from '../../../storage/resources/certificates.ts'
import { shieldEvent } from '../../../storage/shield-event.ts'
import type { ManagementPorts } from '../../ports.ts'
import { transact } from '../../transaction.ts'
import { type Expiry, readExpiries } from './expiries.ts'

/** Days before; the shortest that applies is announced. */
const PERIODS_DAYS = [1, 7, 30]

const DAY_MS = 86_400_000

/** For the scheduled handler. Throws when storage cannot be reached; an event may come twice then, and is never lost. */
export async function announceExpiries(ports: ManagementPorts): Promise<void> {
  const nowMs = ports.nowMs()
  const due = (await readExpiries(ports)).flatMap((expiry) => noticeOf(expiry, nowMs) ?? [])
  const { documents } = await ports.zone.read({ expiry_notice: 'all' })
  const known = new Set(documents.expiry_notice.map(({ id }) => id))
  const news = due.filter(({ id }) => !known.has(id))
  const events = news.map(({ expiry }) => ({
    id: ports.uuid(),
    nowMs,
    reason: 'certificate_expires',
    description: sentenceOf(expiry),
  }))
  // Before they are remembered: what is announced twice does less harm than what is not.
  await ports.events.record(events.map(shieldEvent))
  const puts = news.map((each): Put => {
    return { collection: 'expiry_notice', id: each.id, body: noticeBody(each, nowMs) }
  })
  const current = new Set(due.map(({ key }) => key))
  const deletes = documents.expiry_notice
    .filter(({ id }) => !current.has(id.slice(0, id.lastIndexOf('/'))))
    .map(({ id }): Delete => ({ collection: 'expiry_notice', id }))
  // Notices depend on nothing but the clock, so whoever wrote in between changes nothing about them.
  const transaction = { selection: {}, actor: 'schedule', action: 'portcullis.expiry.announce' }
  await transact(ports, transaction, async () => ok({ puts, deletes, result: null }))
}

type Due = {
  /** `<kind>/<id>@<date>`, whatever the period. */
  readonly key: string
  readonly id: string
  readonly expiry: Expiry
  readonly daysBefore: number
}

function noticeOf(expiry: Expiry, nowMs: number): Due | null {
  const leftMs = Date.parse(expiry.expires_on) - nowMs
  const daysBefore = PERIODS_DAYS.find((days) => leftMs <= days * DAY_MS)
  if (leftMs <= 0 || daysBefore === undefined) return null
  if (expiry.lifetimeDays !== null && expiry.lifetimeDays <= daysBefore) return null
  const key = `${expiry.kind}/${expiry.id}@${expiry.expires_on}`
  return { key, id: `${key}/${daysBefore}`, expiry, daysBefore }
}

function noticeBody({ id, expiry, daysBefore }: Due, nowMs: number): ExpiryNotice {
  return {
    id,
    resource: `${expiry.kind}/${expiry.id}`,
    days_before: daysBefore,
    announced_at: new Date(nowMs).toISOString(),
  }
}

const KINDS: { readonly [kind in Expiry['kind']]: string } = {
  client_certificate: 'client certificate',
  mtls_certificate: 'uploaded authority',
  certificate_authority: 'managed authority',
  revocation_list: 'revocation list',
}

function sentenceOf({ kind, id, name, expires_on }: Expiry): string {
  return `The ${KINDS[kind]} ${JSON.stringify(name)} (${id}) expires on ${expires_on}`
}
