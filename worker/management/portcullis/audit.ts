/** Who changed what, newest first. */
import { ok } from '#engines/result'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { readInteger } from '../pagination.ts'

export async function listAudit({ ports, query }: Call): Promise<Outcome> {
  const limit = readInteger(query, {
    name: 'limit',
    min: 1,
    max: LIMITS.auditMax,
    fallback: LIMITS.auditDefault,
  })
  return limit.ok ? ok({ result: await ports.zone.audit(limit.value) }) : limit
}
