/**
 * What happens to a request that violates the schema of one operation, where that differs from the zone's default.
 * `null` clears the setting: the operation follows the default again.
 */
import * as z from 'zod/mini'
import { err, ok } from '#engines/result'
import type { Delete, Documents, Put } from '../../../storage/ports.ts'
import type { MitigationAction, OperationSetting } from '../../../storage/resources.ts'
import { readBody } from '../../body.ts'
import { type Problem, problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { paginate, readPage } from '../../pagination.ts'
import { forgetting, provenanceId } from '../../provenance.ts'
import { transact } from '../../transaction.ts'

const ACTION = z.nullable(z.enum(['none', 'log', 'block']))

const SETTING = z.object({ mitigation_action: ACTION })

/** A setting without an action is Cloudflare's "leave as it is". */
const SETTINGS = z.record(z.string(), z.object({ mitigation_action: z.optional(ACTION) })).check(
  z.refine((map) => Object.keys(map).length <= LIMITS.bulkOperationsMax, {
    error: `At most ${LIMITS.bulkOperationsMax} operations a call.`,
  }),
)

export async function listOperationSettings({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const { documents } = await ports.zone.read({ operation_setting: 'all' })
  return ok(paginate(documents.operation_setting, page.value))
}

export async function getOperationSetting({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ operation_setting: [param('operation_id')] })
  const setting = documents.operation_setting[0]
  return setting === undefined ? problem('not_found') : ok({ result: setting })
}

export async function updateOperationSetting({
  ports,
  request,
  param,
  actor,
}: Call): Promise<Outcome> {
  const body = await readBody(request, SETTING)
  if (!body.ok) return body
  const operation_id = param('operation_id')
  const setting = { operation_id, mitigation_action: body.value.mitigation_action }
  const action = 'schema_validation.settings.operations.update'
  const transaction = { selection: selectionOf([operation_id]), actor, action }
  return transact(ports, transaction, async (documents) =>
    documents.operation.length === 0
      ? problem('not_found')
      : ok({ ...changeOf(documents, setting), result: setting }),
  )
}

export async function deleteOperationSetting({ ports, param, actor }: Call): Promise<Outcome> {
  const operation_id = param('operation_id')
  const action = 'schema_validation.settings.operations.delete'
  const transaction = { selection: selectionOf([operation_id]), actor, action }
  return transact(ports, transaction, async (documents) =>
    documents.operation_setting.length === 0
      ? problem('not_found')
      : ok({
          ...changeOf(documents, { operation_id, mitigation_action: null }),
          result: { operation_id },
        }),
  )
}

/** All of the settings or none: an operation that is not there refuses the whole call. */
export async function bulkEditOperationSettings({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, SETTINGS)
  if (!body.ok) return body
  const ids = Object.keys(body.value)
  const action = 'schema_validation.settings.operations.bulk_edit'
  const transaction = { selection: selectionOf(ids), actor, action }
  return transact(ports, transaction, async (documents) => {
    const missing = missingOf(documents, ids)
    if (missing.length > 0) return err(missing)
    const settings = Object.entries(body.value).map(([operation_id, { mitigation_action }]) => ({
      operation_id,
      mitigation_action:
        mitigation_action === undefined ? storedAction(documents, operation_id) : mitigation_action,
    }))
    const changes = settings.map((setting) => changeOf(documents, setting))
    return ok({
      puts: changes.flatMap(({ puts }) => puts),
      deletes: changes.flatMap(({ deletes }) => deletes),
      result: Object.fromEntries(settings.map((setting) => [setting.operation_id, setting])),
    })
  })
}

function selectionOf(ids: readonly string[]) {
  const provenance = ids.map((id) => provenanceId('operation_setting', id))
  return { operation: ids, operation_setting: ids, provenance }
}

type Change = { readonly puts: readonly Put[]; readonly deletes: readonly Delete[] }

function changeOf(documents: Documents, setting: OperationSetting): Change {
  const { operation_id: id, mitigation_action } = setting
  const stored = documents.operation_setting.find((candidate) => candidate.operation_id === id)
  if (mitigation_action === (stored?.mitigation_action ?? null)) return { puts: [], deletes: [] }
  if (mitigation_action !== null) {
    return { puts: [{ collection: 'operation_setting', id, body: setting }], deletes: [] }
  }
  const forgotten = forgetting(documents, 'operation_setting', id)
  return { puts: [], deletes: [{ collection: 'operation_setting', id }, ...forgotten] }
}

function storedAction(documents: Documents, id: string): MitigationAction | null {
  const stored = documents.operation_setting.find(({ operation_id }) => operation_id === id)
  return stored?.mitigation_action ?? null
}

function missingOf(documents: Documents, ids: readonly string[]): readonly Problem[] {
  const present = new Set(documents.operation.map(({ operation_id }) => operation_id))
  return ids
    .filter((id) => !present.has(id))
    .map((id) => ({
      error: 'not_found',
      message: 'There is no such operation.',
      pointer: `/${id}`,
    }))
}
