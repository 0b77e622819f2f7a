/** What expires within so many days, soonest first; authorities and revocation lists also when they have expired. */
import { ok } from '#engines/result'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { paginate, readInteger, readPage } from '../../pagination.ts'
import { daysLeft, readExpiries } from './expiries.ts'

export async function listExpiring({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const days = readInteger(query, {
    name: 'days',
    min: 1,
    max: LIMITS.expiringDaysMax,
    fallback: LIMITS.expiringDaysDefault,
  })
  if (!days.ok) return days
  const nowMs = ports.nowMs()
  const expiries = await readExpiries(ports)
  const expiring = expiries
    .map((expiry) => ({ expiry, days_left: daysLeft(expiry, nowMs) }))
    .filter(({ days_left }) => days_left < days.value)
    .map(({ expiry: { kind, id, name, expires_on }, days_left }) => ({
      kind,
      id,
      name,
      expires_on,
      days_left,
    }))
  return ok(paginate(expiring, page.value))
}
