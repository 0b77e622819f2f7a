/**
 * Brings the operations that the files' OpenAPI documents describe, and their mitigation settings, to what the files
 * say. What was made through the API is left alone, and keeps the operations that it names. An operation which leaves the
 * files stays when an enabled document of the API describes it: else its protection would end without anyone having asked
 * for that.
 */
import type { Delete, Documents } from '../../../storage/ports.ts'
import type { MitigationAction, Operation } from '../../../storage/resources.ts'
import { operationUsers } from '../../api-gateway/operation-users.ts'
import { removalOf } from '../../api-gateway/operation-removal.ts'
import { LIMITS } from '../../limits.ts'
import { forgetting } from '../../provenance.ts'
import { describes } from '../../schema-validation/described.ts'
import { combined, fileError, NO_CHANGE, remembering, type SeedChange } from './change.ts'
import type { DesiredSchema } from './desired.ts'
import { type Origins, originsOf } from './origins.ts'

export function reconcileOperations(
  documents: Documents,
  schemas: readonly DesiredSchema[],
): SeedChange {
  const origins = originsOf(documents)
  const wanted = wantedOperations(schemas)
  const stored = new Map(
    documents.operation.map((operation) => [operation.operation_id, operation]),
  )
  // Those of files are held against the operations that there will be, with their lines (desired.ts).
  const users = operationUsers({
    ...documents,
    sequence_rule: documents.sequence_rule.filter(
      ({ id }) => origins.fileOf('sequence_rule', id) === undefined,
    ),
  })
  const change = combined([
    ...documents.operation.flatMap((operation) => {
      if (wanted.has(operation.operation_id)) return []
      const gone = departure(documents, origins, operation)
      const user = users.get(operation.operation_id)
      const isUsed = user !== undefined && leaves(gone, operation)
      return [isUsed ? usedError(operation, { origins, user }) : gone]
    }),
    ...[...wanted.values()].map((want) =>
      presence(stored.has(want.operation.operation_id), want, origins),
    ),
    ...[...wanted.values()].map((want) => settingChange(documents, want, origins)),
  ])
  const removed = change.deletes.filter(({ collection }) => collection === 'operation').length
  const added = change.puts.filter(({ collection }) => collection === 'operation').length
  if (stored.size + added - removed <= LIMITS.operationsMax) return change
  const message = `With these files the zone would have more than ${LIMITS.operationsMax} operations.`
  return { ...NO_CHANGE, errors: [fileError(schemas.at(-1)?.file ?? 'schemas', message)] }
}

/** Ids of the operations that there are when the files have been followed. */
export function operationsAfter(
  documents: Documents,
  schemas: readonly DesiredSchema[],
): ReadonlySet<string> {
  const { puts, deletes } = reconcileOperations(documents, schemas)
  const ids = new Set(documents.operation.map(({ operation_id: id }) => id))
  for (const { collection, id } of deletes) if (collection === 'operation') ids.delete(id)
  for (const { collection, id } of puts) if (collection === 'operation') ids.add(id)
  return ids
}

function leaves({ deletes }: SeedChange, { operation_id }: Operation): boolean {
  return deletes.some(({ collection, id }) => collection === 'operation' && id === operation_id)
}

function usedError(
  operation: Operation,
  { origins, user }: { readonly origins: Origins; readonly user: string },
): SeedChange {
  const file = origins.fileOf('operation', operation.operation_id) ?? 'schemas'
  const { method, host, endpoint } = operation
  const text = `The operation "${method} ${host}${endpoint}" is in no file any more, but it is used by ${user}.`
  return { ...NO_CHANGE, errors: [fileError(file, text)] }
}

type Wanted = {
  readonly operation: Operation
  readonly file: string
  /** What the file says about every operation in it; `null` when it says nothing. */
  readonly action: MitigationAction | null
}

/** An operation of two files belongs to the first of them. */
function wantedOperations(schemas: readonly DesiredSchema[]): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  for (const { file, document } of schemas) {
    for (const operation of document.operations) {
      if (wanted.has(operation.operation_id)) continue
      wanted.set(operation.operation_id, { operation, file, action: document.mitigationAction })
    }
  }
  return wanted
}

function presence(isStored: boolean, { operation, file }: Wanted, origins: Origins): SeedChange {
  const id = operation.operation_id
  const name = nameOf('operation', operation)
  if (!isStored) {
    return {
      ...NO_CHANGE,
      puts: [{ collection: 'operation', id, body: operation }, remembering('operation', id, file)],
      created: [name],
    }
  }
  const origin = origins.fileOf('operation', id)
  if (origin === undefined) return { ...NO_CHANGE, left_alone: [name] }
  const puts = origin === file ? [] : [remembering('operation', id, file)]
  return { ...NO_CHANGE, puts, unchanged: 1 }
}

function departure(documents: Documents, origins: Origins, operation: Operation): SeedChange {
  const id = operation.operation_id
  const forgottenSetting: readonly Delete[] =
    origins.fileOf('operation_setting', id) === undefined
      ? []
      : [{ collection: 'operation_setting', id }, ...forgetting(documents, 'operation_setting', id)]
  if (origins.fileOf('operation', id) === undefined) {
    const deleted = forgottenSetting.length > 0 ? [nameOf('operation_setting', operation)] : []
    return { ...NO_CHANGE, deletes: forgottenSetting, deleted }
  }
  const needed = documents.schema_profile.some(
    (profile) =>
      profile.validation_enabled &&
      origins.fileOf('schema', profile.schema_id) === undefined &&
      describes(profile, operation),
  )
  if (needed) {
    const deletes = [...forgottenSetting, ...forgetting(documents, 'operation', id)]
    return { ...NO_CHANGE, deletes, left_alone: [nameOf('operation', operation)] }
  }
  const deletes = removalOf(documents, [id])
  return { ...NO_CHANGE, deletes, deleted: [nameOf('operation', operation)] }
}

function settingChange(
  documents: Documents,
  { operation, file, action }: Wanted,
  origins: Origins,
): SeedChange {
  const id = operation.operation_id
  const name = nameOf('operation_setting', operation)
  const stored = documents.operation_setting.find(({ operation_id }) => operation_id === id)
  const origin = origins.fileOf('operation_setting', id)
  if (stored !== undefined && origin === undefined) {
    return action === null ? NO_CHANGE : { ...NO_CHANGE, left_alone: [name] }
  }
  if (action === null) {
    if (stored === undefined) return NO_CHANGE
    const deletes: readonly Delete[] = [
      { collection: 'operation_setting', id },
      ...forgetting(documents, 'operation_setting', id),
    ]
    return { ...NO_CHANGE, deletes, deleted: [name] }
  }
  const moved = origin === file ? [] : [remembering('operation_setting', id, file)]
  if (stored?.mitigation_action === action) return { ...NO_CHANGE, puts: moved, unchanged: 1 }
  const body = { operation_id: id, mitigation_action: action }
  return {
    ...NO_CHANGE,
    puts: [{ collection: 'operation_setting', id, body }, ...moved],
    ...(stored === undefined ? { created: [name] } : { updated: [name] }),
  }
}

function nameOf(
  kind: 'operation' | 'operation_setting',
  { method, host, endpoint }: Operation,
): string {
  return `${kind}/${method} ${host}${endpoint}`
}
