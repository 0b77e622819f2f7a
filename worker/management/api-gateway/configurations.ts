/** Which parts of a request identify its session: `auth_id_characteristics`. */
import * as z from 'zod/mini'
import { err, ok } from '#engines/result'
import { parseClaimReference } from '#engines/tokens'
import { SINGLETON } from '../../storage/collections.ts'
import type { Configuration, SessionIdentifier } from '../../storage/resources.ts'
import { readBody } from '../body.ts'
import { type Problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { readFlag } from '../pagination.ts'
import { transact } from '../transaction.ts'

const NAME = z.string().check(z.minLength(1), z.maxLength(LIMITS.identifierNameCharactersMax))

const CHARACTERISTIC = z.object({ type: z.enum(['header', 'cookie', 'jwt']), name: NAME })

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
  const selection = { token_configuration: 'all' } as const
  const transaction = { selection, actor, action: 'api_gateway.configuration.update' }
  return transact(ports, transaction, async (documents) => {
    const known = new Set(documents.token_configuration.map(({ id }) => id))
    const problems = claimProblems(configuration, known)
    if (problems.length > 0) return err(problems)
    return ok({
      puts: [{ collection: 'configuration', id: SINGLETON, body: configuration }],
      deletes: [],
      result: configuration,
    })
  })
}

/** A claim is `<token configuration id>:<JSONPath>`; the configuration must be there. */
function claimProblems(
  { auth_id_characteristics }: Configuration,
  known: ReadonlySet<string>,
): Problems {
  return auth_id_characteristics.flatMap(({ type, name }, index): readonly Problem[] => {
    if (type !== 'jwt') return []
    const pointer = `/auth_id_characteristics/${index}/name`
    const claim = parseClaimReference(name)
    if (!claim.ok) return [{ error: 'invalid_body', message: claim.error, pointer }]
    if (known.has(claim.value.configurationId)) return []
    const message = 'There is no token configuration with this id.'
    return [{ error: 'invalid_body', message, pointer }]
  })
}

/** Header names and ids are compared without case, so their one spelling is the lower one; each identifier is listed once. */
function normalized({ auth_id_characteristics }: Configuration): Configuration {
  const unique = new Map<string, SessionIdentifier>()
  for (const { type, name } of auth_id_characteristics) {
    const identifier = { type, name: SPELLINGS[type](name) }
    unique.set(`${identifier.type} ${identifier.name}`, identifier)
  }
  return { auth_id_characteristics: [...unique.values()] }
}

const SPELLINGS: { readonly [type in SessionIdentifier['type']]: (name: string) => string } = {
  header: (name) => name.toLowerCase(),
  cookie: (name) => name,
  jwt: (name) => name.replace(/^[^:]*/, (id) => id.toLowerCase()),
}
