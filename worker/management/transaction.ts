/**
 * Read, decide, commit. The decision is computed from one consistent view and committed only if nobody wrote in between;
 * otherwise it is computed again from the newer view. So two writers at once never lose each other's change, and a
 * check made by the decision ("there is no managed authority yet") still holds when it is committed.
 */
import { ok, type Result } from '#engines/result'
import type { Delete, Documents, Put, Selection } from '../storage/ports.ts'
import { type Notice, problem, type Problems } from './envelope.ts'
import { LIMITS } from './limits.ts'
import type { ManagementPorts } from './ports.ts'

export type Decision<T> = {
  readonly puts: readonly Put[]
  readonly deletes: readonly Delete[]
  readonly result: T
}

export type Transaction = {
  readonly selection: Selection
  readonly actor: string
  /** Which management call, for the audit log. */
  readonly action: string
}

export type Done<T> = { readonly result: T; readonly notices: readonly Notice[] }

/** `decide` may be called several times; only its last decision is committed. */
export async function transact<T>(
  ports: ManagementPorts,
  { selection, actor, action }: Transaction,
  decide: (documents: Documents) => Promise<Result<Decision<T>, Problems>>,
): Promise<Result<Done<T>, Problems>> {
  for (let attempt = 0; attempt < LIMITS.commitAttemptsMax; attempt++) {
    const { version, documents } = await ports.zone.read(selection)
    const decision = await decide(documents)
    if (!decision.ok) return decision
    const { puts, deletes, result } = decision.value
    if (puts.length === 0 && deletes.length === 0) return ok({ result, notices: [] })
    const commit = await ports.zone.commit({ basedOn: version, puts, deletes, actor, action })
    if (commit.outcome === 'committed') {
      await ports.changed()
      return ok({ result, notices: commit.published ? [] : [{ notice: 'published_late' }] })
    }
  }
  return problem('write_conflict')
}
