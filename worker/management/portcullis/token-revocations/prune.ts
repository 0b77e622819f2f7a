/** Takes away revocations that have had their day: the tokens they refuse have expired, or their configuration is gone. */
import { ok } from '#engines/result'
import { LIMITS } from '../../limits.ts'
import type { ManagementPorts } from '../../ports.ts'
import { transact } from '../../transaction.ts'

/** Answers how many went, a bounded number in one call. */
export async function pruneTokenRevocations(ports: ManagementPorts): Promise<number> {
  const now = new Date(ports.nowMs()).toISOString()
  const members = ['id', 'configuration_id', 'expires_at'] as const
  const outlines = await ports.zone.outline('token_revocation', members)
  if (outlines.length === 0) return 0
  const configurations = await ports.zone.outline('token_configuration', ['id'])
  const known = new Set(configurations.map(({ id }) => id))
  const isPast = (revocation: { configuration_id: string; expires_at: string }) =>
    revocation.expires_at <= now || !known.has(revocation.configuration_id)
  const ids = outlines
    .filter(isPast)
    .slice(0, LIMITS.revocationsPrunedMax)
    .map(({ id }) => id)
  if (ids.length === 0) return 0
  const done = await transact(
    ports,
    {
      selection: { token_revocation: ids },
      actor: 'portcullis',
      action: 'portcullis.token_validation.revocations.prune',
    },
    // Read again: somebody may have prolonged one meanwhile.
    async ({ token_revocation: stored }) => {
      const past = stored.filter(isPast)
      const deletes = past.map(({ id }) => ({ collection: 'token_revocation', id }) as const)
      return ok({ puts: [], deletes, result: deletes.length })
    },
  )
  return done.ok ? done.value.result : 0
}
