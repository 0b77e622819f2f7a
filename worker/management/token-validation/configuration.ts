/**
 * Token configurations: where a request carries its token and which keys verify it. Beside Cloudflare's members there are
 * two of ours: `key_source`, from which keys are fetched, and `requirements`, what the claims have to say.
 */
import { err, ok } from '#engines/result'
import type { TokenConfiguration } from '../../storage/resources/tokens.ts'
import { readBody } from '../body.ts'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { paginate, readPage } from '../pagination.ts'
import { transact } from '../transaction.ts'
import {
  changed,
  changeProblems,
  CONFIGURATION_CHANGE,
  fetchProblems,
  NEW_CONFIGURATION,
} from './configuration/body.ts'
import { lackOfKeys, printed, readKeys, sealed, unusedKeys } from './configuration/keys.ts'
import { configurationUser, USER_SELECTION } from './named-configurations.ts'

export async function createTokenConfiguration({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, NEW_CONFIGURATION)
  if (!body.ok) return body
  const { credentials, token_type: _spelling, ...content } = body.value
  const problems = changeProblems(content, ports.remote.allowPrivate)
  if (problems.length > 0) return err(problems)
  const read = readKeys(credentials?.keys ?? [], 'configured', '/credentials/keys')
  if (!read.ok) return read
  const id = ports.uuid()
  const keys = await sealed(read.value.keys, id, ports)
  if (!keys.ok) return keys
  const now = new Date(ports.nowMs()).toISOString()
  const { title, description, token_sources, ...ours } = content
  const configuration = changed(
    {
      id,
      title,
      description,
      token_type: 'JWT',
      token_sources,
      credentials: { keys: keys.value },
      created_at: now,
      last_updated: now,
    },
    ours,
  )
  const lack = lackOfKeys(configuration, '/credentials/keys')
  if (lack.length > 0) return err(lack)
  const unfetched = await fetchProblems(ports, configuration)
  if (unfetched.length > 0) return err(unfetched)
  const action = 'token_validation.config.create'
  const done = await transact(ports, { selection: {}, actor, action }, async () => {
    if ((await ports.zone.count('token_configuration')) >= LIMITS.tokenConfigurationsMax) {
      const text = `There may be at most ${LIMITS.tokenConfigurationsMax} token configurations.`
      return problem('limit_reached', text)
    }
    return ok({ puts: [putOf(configuration)], deletes: [], result: printed(configuration) })
  })
  if (!done.ok) return done
  const notices = [...read.value.notices, ...unusedKeys(configuration), ...done.value.notices]
  return ok({ ...done.value, notices })
}

export async function listTokenConfigurations({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const { documents } = await ports.zone.read({ token_configuration: 'all' })
  return ok(paginate(documents.token_configuration.map(printed), page.value))
}

export async function getTokenConfiguration({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ token_configuration: [param('config_id')] })
  const [configuration] = documents.token_configuration
  return configuration === undefined ? problem('not_found') : ok({ result: printed(configuration) })
}

export async function editTokenConfiguration({
  ports,
  request,
  param,
  actor,
}: Call): Promise<Outcome> {
  const body = await readBody(request, CONFIGURATION_CHANGE)
  if (!body.ok) return body
  const problems = changeProblems(body.value, ports.remote.allowPrivate)
  if (problems.length > 0) return err(problems)
  const id = param('config_id')
  const selection = { token_configuration: [id] }
  const { documents: before } = await ports.zone.read(selection)
  const [known] = before.token_configuration
  if (known === undefined) return problem('not_found')
  const after = changed(known, body.value)
  // Comparing texts is enough: at worst a source is asked once more.
  const isNew = JSON.stringify(after.key_source) !== JSON.stringify(known.key_source)
  const unfetched = isNew ? await fetchProblems(ports, after) : []
  if (unfetched.length > 0) return err(unfetched)
  const action = 'token_validation.config.edit'
  const done = await transact(ports, { selection, actor, action }, async (documents) => {
    const [stored] = documents.token_configuration
    if (stored === undefined) return problem('not_found')
    const last_updated = new Date(ports.nowMs()).toISOString()
    const next = { ...changed(stored, body.value), last_updated }
    const lack = lackOfKeys(next, '/key_source')
    if (lack.length > 0) return err(lack)
    return ok({ puts: [putOf(next)], deletes: [], result: printed(next) })
  })
  if (!done.ok) return done
  const { result, notices } = done.value
  return ok({ result, notices: [...unusedKeys(result), ...notices] })
}

/** Refused while something names it: an expression over a configuration that is gone would never hold again. */
export async function deleteTokenConfiguration({ ports, param, actor }: Call): Promise<Outcome> {
  const id = param('config_id')
  const selection = { ...USER_SELECTION, token_configuration: [id] }
  const action = 'token_validation.config.delete'
  return transact(ports, { selection, actor, action }, async (documents) => {
    if (documents.token_configuration.length === 0) return problem('not_found')
    const user = configurationUser(documents, id)
    if (user !== null) return problem('token_configuration_in_use', `It is used by ${user}.`)
    return ok({
      puts: [],
      deletes: [{ collection: 'token_configuration', id }],
      result: { id },
    })
  })
}

function putOf(configuration: TokenConfiguration) {
  return {
    collection: 'token_configuration',
    id: configuration.id,
    body: configuration,
  } as const
}
