/** The keys of a token configuration that are in force: what its source gave last, or without a source those that it lists. */
import { ok } from '#engines/result'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'

export async function getTokenKeys({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ token_configuration: [param('config_id')] })
  const [configuration] = documents.token_configuration
  if (configuration === undefined) return problem('not_found')
  const { id, credentials, key_source: source } = configuration
  const configured = credentials.keys.map(({ kid, alg, kty }) => ({ kid, alg, kty }))
  const status = source === undefined ? null : await ports.keySources.status(id, source)
  return ok({
    result: {
      key_source: source ?? null,
      keys: source === undefined ? configured : (status?.keys ?? []),
      fetched_at: status?.fetched_at ?? null,
      next_refresh_at: status?.next_refresh_at ?? null,
      last_failure: status?.last_failure ?? null,
    },
  })
}
