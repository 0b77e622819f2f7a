/** The security events, newest first. Events of this isolate that were not stored yet are stored first. */
import { ok } from '#engines/result'
import type { EventSource } from '../../storage/events.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { readInteger, readWord } from '../pagination.ts'

const SOURCES: readonly EventSource[] = [
  'firewallCustom',
  'rateLimit',
  'apiShieldTokenValidation',
  'apiShieldSchemaValidation',
  'apiShieldSequenceMitigation',
  'portcullisGraphql',
  'portcullis',
]

export async function listEvents({ ports, query }: Call): Promise<Outcome> {
  const limit = readInteger(query, {
    name: 'limit',
    min: 1,
    max: LIMITS.eventsMax,
    fallback: LIMITS.eventsDefault,
  })
  if (!limit.ok) return limit
  const action = readWord(query, 'action', ['log', 'skip', 'block'])
  if (!action.ok) return action
  const source = readWord(query, 'source', SOURCES)
  if (!source.ok) return source
  const ray = query.get('ray_id')
  await ports.flushEvents()
  const events = await ports.events.list({
    limit: limit.value,
    ...(ray === null ? {} : { ray_id: ray }),
    ...(action.value === undefined ? {} : { action: action.value }),
    ...(source.value === undefined ? {} : { source: source.value }),
  })
  return ok({ result: events })
}
