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
  /** Read by a call of its own: one answer of the Zone object ends at 32 MiB. */
  readonly alsoSelected?: Selection
  readonly actor: string
  /** Which management call, for the audit log. */
  readonly action: string
  /** Decides as if, and commits nothing. */
  readonly dryRun?: boolean
}

export type Done<T> = { readonly result: T; readonly notices: readonly Notice[] }

/** `decide` may be called several times; only its last decision is committed. */
export async function transact<T>(
  ports: ManagementPorts,
  { selection, alsoSelected, actor, action, dryRun = false }: Transaction,
  decide: (documents: Documents) => Promise<Result<Decision<T>, Problems>>,
): Promise<Result<Done<T>, Problems>> {
  for (let attempt = 0; attempt < LIMITS.commitAttemptsMax; attempt++) {
    const reading = await readAll(ports, selection, alsoSelected)
    if (reading === null) continue
    const { version, documents } = reading
    const decision = await decide(documents)
    if (!decision.ok) return decision
    const { puts, deletes, result } = decision.value
    if (dryRun || puts.length + deletes.length === 0) return ok({ result, notices: [] })
    const commit = await ports.zone.commit({ basedOn: version, puts, deletes, actor, action })
    if (commit.outcome === 'committed') {
      await ports.changed()
      return ok({ result, notices: commit.published ? [] : [{ notice: 'published_late' }] })
    }
  }
  return problem('write_conflict')
}

type Reading = Awaited<ReturnType<ManagementPorts['zone']['read']>>

/** Both selections as of one version; `null` when somebody wrote between the two. */
async function readAll(
  { zone }: ManagementPorts,
  selection: Selection,
  more: Selection | undefined,
): Promise<Reading | null> {
  const first = await zone.read(selection)
  if (more === undefined) return first
  const second = await zone.read(more)
  if (second.version !== first.version) return null
  const selected = Object.entries(second.documents).filter(([name]) => Object.hasOwn(more, name))
  return { ...first, documents: { ...first.documents, ...Object.fromEntries(selected) } }
}
