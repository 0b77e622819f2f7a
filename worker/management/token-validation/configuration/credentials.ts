/** The keys of a token configuration, replaced as a whole. Keys that the body does not name are gone afterwards. */
import * as z from 'zod/mini'
import { err, ok } from '#engines/result'
import { readBody } from '../../body.ts'
import { problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { transact } from '../../transaction.ts'
import { lackOfKeys, printedKeys, readKeys, sealed, withStoredSecrets } from './keys.ts'

const BODY = z.object({ keys: z.unknown() })

/** Secrets have to be given. */
export async function updateCredentials(call: Call): Promise<Outcome> {
  return replaceKeys(call, 'configured', 'token_validation.config.credentials.update')
}

/** A symmetric key without `k` keeps its secret. */
export async function editCredentials(call: Call): Promise<Outcome> {
  return replaceKeys(call, 'edited', 'token_validation.config.credentials.edit')
}

async function replaceKeys(
  { ports, request, param, actor }: Call,
  origin: 'configured' | 'edited',
  action: string,
): Promise<Outcome> {
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const read = readKeys(body.value.keys, origin, '/keys')
  if (!read.ok) return read
  const selection = { token_configuration: [param('config_id')] }
  const done = await transact(ports, { selection, actor, action }, async (documents) => {
    const [stored] = documents.token_configuration
    if (stored === undefined) return problem('not_found')
    const whole = withStoredSecrets(read.value.keys, stored.credentials.keys)
    if (!whole.ok) return whole
    const keys = await sealed(whole.value, stored.id, ports)
    if (!keys.ok) return keys
    const last_updated = new Date(ports.nowMs()).toISOString()
    const next = { ...stored, credentials: { keys: keys.value }, last_updated }
    const lack = lackOfKeys(next, '/keys')
    if (lack.length > 0) return err(lack)
    return ok({
      puts: [{ collection: 'token_configuration', id: stored.id, body: next }],
      deletes: [],
      result: { keys: printedKeys(next) },
    })
  })
  return done.ok
    ? ok({ ...done.value, notices: [...read.value.notices, ...done.value.notices] })
    : done
}
