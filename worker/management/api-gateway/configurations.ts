/** Which parts of a request identify its session: `auth_id_characteristics`. */
import * as z from 'zod/mini'
import { ok } from '#engines/result'
import { SINGLETON } from '../../storage/collections.ts'
import type { Configuration, SessionIdentifier } from '../../storage/resources.ts'
import { readBody } from '../body.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { readFlag } from '../pagination.ts'
import { transact } from '../transaction.ts'

const NAME = z.string().check(z.minLength(1), z.maxLength(LIMITS.identifierNameCharactersMax))

const CHARACTERISTIC = z.union([
  z.object({ type: z.enum(['header', 'cookie']), name: NAME }),
  z.object({
    type: z.literal('jwt'),
    // `<token configuration id>:<RFC 9535 path>`
    name: NAME.check(
      z.regex(/^[\da-f-]{36}:\$/i, { error: 'This must be <token_config_id>:<JSONPath>.' }),
    ),
  }),
])

const BODY = z.object({
  auth_id_characteristics: z.array(CHARACTERISTIC).check(z.maxLength(LIMITS.identifiersMax)),
})

export async function getConfiguration({ ports, query }: Call): Promise<Outcome> {
  const normalize = readFlag(query, 'normalize')
  if (!normalize.ok) return normalize
  const { documents } = await ports.zone.read({ configuration: [SINGLETON] })
  const configuration = documents.configuration[0] ?? { auth_id_characteristics: [] }
  return ok({ result: normalize.value === true ? normalized(configuration) : configuration })
}

export async function updateConfiguration({
  ports,
  request,
  query,
  actor,
}: Call): Promise<Outcome> {
  const normalize = readFlag(query, 'normalize')
  if (!normalize.ok) return normalize
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const configuration = normalize.value === true ? normalized(body.value) : body.value
  const transaction = { selection: {}, actor, action: 'api_gateway.configuration.update' }
  return transact(ports, transaction, async () =>
    ok({
      puts: [{ collection: 'configuration', id: SINGLETON, body: configuration }],
      deletes: [],
      result: configuration,
    }),
  )
}

/** Header names are compared without case, so their one spelling is the lower one; each identifier is listed once. */
function normalized({ auth_id_characteristics }: Configuration): Configuration {
  const unique = new Map<string, SessionIdentifier>()
  for (const { type, name } of auth_id_characteristics) {
    const identifier = { type, name: type === 'header' ? name.toLowerCase() : name }
    unique.set(`${identifier.type} ${identifier.name}`, identifier)
  }
  return { auth_id_characteristics: [...unique.values()] }
}
