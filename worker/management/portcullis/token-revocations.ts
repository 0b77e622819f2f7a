/**
 * Tokens that are no longer accepted although they verify: one by its `jti`, or those of a `sub`, all of them or the ones that
 * were issued before a time. Revoking the same again replaces the entry, so a caller may repeat itself. An entry without
 * `expires_at` stays until it is deleted.
 */
import * as z from 'zod/mini'
import { err, ok, type Result } from '#engines/result'
import type { TokenRevocation } from '../../storage/resources/tokens.ts'
import { readBody } from '../body.ts'
import { problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { paginate, readPage } from '../pagination.ts'
import { transact } from '../transaction.ts'
import { pruneTokenRevocations } from './token-revocations/prune.ts'
import { revocationId } from './token-revocations/revocation-id.ts'
import { lackOfRoom } from './token-revocations/room.ts'

const CLAIM = z.string().check(z.minLength(1), z.maxLength(LIMITS.revokedClaimCharactersMax))

const BODY = z.strictObject({
  configuration_id: z.string(),
  jti: z.exactOptional(CLAIM),
  sub: z.exactOptional(CLAIM),
  issued_before: z.exactOptional(z.int().check(z.minimum(0))),
  expires_at: z.exactOptional(
    z.iso.datetime({ offset: true, error: 'This must be a time of RFC 3339.' }),
  ),
  note: z.exactOptional(z.string().check(z.maxLength(LIMITS.descriptionCharactersMax))),
})

type Body = z.infer<typeof BODY>

/** No token lives that long, and texts of times are compared as texts. */
const NEVER = '9999-12-31T23:59:59.999Z'

export async function createTokenRevocation({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const revocation = await readRevocation(body.value, ports.nowMs())
  if (!revocation.ok) return revocation
  const { id, configuration_id } = revocation.value
  if ((await ports.zone.count('token_revocation')) >= LIMITS.tokenRevocationsMax) {
    await pruneTokenRevocations(ports)
  }
  const selection = { token_revocation: [id], token_configuration: [configuration_id] }
  const action = 'portcullis.token_validation.revocations.create'
  return transact(ports, { selection, actor, action }, async (documents) => {
    if (documents.token_configuration.length === 0) {
      const text = 'There is no token configuration with this id.'
      return problem('invalid_body', text, '/configuration_id')
    }
    const [stored] = documents.token_revocation
    const lack = stored === undefined ? await lackOfRoom(ports) : []
    if (lack.length > 0) return err(lack)
    const next =
      stored === undefined
        ? revocation.value
        : { ...revocation.value, created_at: stored.created_at }
    return ok({
      puts: [{ collection: 'token_revocation', id, body: next }],
      deletes: [],
      result: next,
    })
  })
}

export async function listTokenRevocations({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const members = ['id', 'configuration_id', 'jti', 'sub'] as const
  const wanted = members.slice(1).flatMap((member) => {
    const value = query.get(member)
    return value === null ? [] : [{ member, value }]
  })
  // There may be more of them than one reading can carry.
  const outlines = await ports.zone.outline('token_revocation', members)
  const matching = outlines.filter((outline) =>
    wanted.every(({ member, value }) => outline[member] === value),
  )
  const shown = paginate(matching, page.value)
  const ids = shown.result.map(({ id }) => id)
  const { documents } = await ports.zone.read({ token_revocation: ids })
  return ok({ ...shown, result: documents.token_revocation })
}

export async function deleteTokenRevocation({ ports, param, actor }: Call): Promise<Outcome> {
  const id = param('revocation_id')
  const action = 'portcullis.token_validation.revocations.delete'
  const transaction = { selection: { token_revocation: [id] }, actor, action }
  return transact(ports, transaction, async ({ token_revocation: stored }) =>
    stored.length === 0
      ? problem('not_found')
      : ok({ puts: [], deletes: [{ collection: 'token_revocation', id }], result: { id } }),
  )
}

async function readRevocation(
  { expires_at, note, ...named }: Body,
  nowMs: number,
): Promise<Result<TokenRevocation, Problems>> {
  const { jti, sub, issued_before } = named
  if ((jti === undefined) === (sub === undefined)) {
    return problem('invalid_body', 'Exactly one of jti and sub is needed.')
  }
  if (jti !== undefined && issued_before !== undefined) {
    return problem('invalid_body', 'This goes with sub alone.', '/issued_before')
  }
  const expiresMs = Date.parse(expires_at ?? NEVER)
  if (Number.isNaN(expiresMs) || expiresMs <= nowMs) {
    return problem('invalid_body', 'This must be a time to come.', '/expires_at')
  }
  return ok({
    id: await revocationId(named),
    ...named,
    note: note ?? '',
    created_at: new Date(nowMs).toISOString(),
    expires_at: new Date(expiresMs).toISOString(),
  })
}
