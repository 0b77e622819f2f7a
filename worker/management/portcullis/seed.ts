/**
 * Seeding: the files of `rules/` and `schemas/` are the desired state, kept in KV; the zone is brought to it in one
 * transaction. An explicit call (PUT, POST) also repairs what was changed by hand since; the scheduled one acts only on
 * files that it has not seen.
 */
import * as z from 'zod/mini'
import { ok, type Result } from '#engines/result'
import { SINGLETON } from '../../storage/collections.ts'
import { sha256Hex } from '../../storage/digest.ts'
import type { SeedFile } from '../../storage/ports.ts'
import type { SeedReport } from '../../storage/resources.ts'
import { readBody } from '../body.ts'
import { problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import type { ManagementPorts } from '../ports.ts'
import { rulesetPorts } from '../rulesets/next-ruleset.ts'
import { type Done, transact } from '../transaction.ts'
import { desiredOf, readSchemas } from './seed/desired.ts'
import { reconcile, RULE_SELECTION, SEED_SELECTION } from './seed/reconcile.ts'

const FILES = z.object({
  files: z
    .array(
      z.object({
        path: z.string().check(z.minLength(1), z.maxLength(LIMITS.seedPathCharactersMax)),
        content: z.string(),
      }),
    )
    .check(
      z.maxLength(LIMITS.seedFilesMax),
      z.refine((files) => new Set(files.map(({ path }) => path)).size === files.length, {
        error: 'Two files have the same path.',
      }),
    ),
})

/** The report of the last reconciliation that changed anything; `null` before the first. */
export async function getSeed({ ports }: Call): Promise<Outcome> {
  return ok({ result: await storedReport(ports) })
}

export async function replaceSeed({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, FILES, LIMITS.uploadBytesMax)
  if (!body.ok) return body
  const files = body.value.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  await ports.seed.write(files)
  return apply(ports, files, actor)
}

export async function reconcileSeedNow({ ports, actor }: Call): Promise<Outcome> {
  const files = await ports.seed.read()
  return files === null
    ? problem('not_found', 'Nothing was seeded yet.')
    : apply(ports, files, actor)
}

/** For the scheduled handler. `null` when nothing was ever seeded. Throws when storage cannot be reached. */
export async function reconcileSeed(ports: ManagementPorts): Promise<SeedReport | null> {
  const files = await ports.seed.read()
  if (files === null) return null
  const last = await storedReport(ports)
  const digest = await digestOf(files)
  if (last !== null && (last.digest === digest || isStale(last, digest, ports.nowMs()))) return last
  const done = await apply(ports, files, 'schedule')
  // Only a steady stream of other writers can get here; the next run tries again.
  return done.ok ? done.value.result : last
}

async function apply(
  ports: ManagementPorts,
  files: readonly SeedFile[],
  actor: string,
): Promise<Result<Done<SeedReport>, Problems>> {
  const nowMs = ports.nowMs()
  const digest = await digestOf(files)
  const schemas = await readSchemas(files, nowMs)
  const transaction = {
    selection: SEED_SELECTION,
    alsoSelected: RULE_SELECTION,
    actor,
    action: 'portcullis.seed',
  }
  return transact(ports, transaction, async (documents) => {
    const desired = desiredOf(files, schemas, documents)
    const { puts, deletes, report } = reconcile(documents, desired, rulesetPorts(ports))
    const last = documents.seed_report[0]
    const reconciled_at = new Date(nowMs).toISOString()
    const superseded = supersededBy(digest, last, nowMs)
    const result = { digest, reconciled_at, superseded, ...report }
    const nothingNew =
      puts.length + deletes.length === 0 &&
      last?.digest === digest &&
      JSON.stringify(last.errors) === JSON.stringify(report.errors)
    if (nothingNew) return ok({ puts: [], deletes: [], result })
    return ok({
      puts: [...puts, { collection: 'seed_report', id: SINGLETON, body: result }],
      deletes,
      result,
    })
  })
}

/** KV may show what was written before for about a minute; acting on it would undo the seeding that came after. */
const STALE_READS_MS = 5 * 60 * 1000

function isStale({ superseded }: SeedReport, digest: string, nowMs: number): boolean {
  return superseded.some(
    (entry) => entry.digest === digest && nowMs - Date.parse(entry.at) < STALE_READS_MS,
  )
}

function supersededBy(
  digest: string,
  last: SeedReport | undefined,
  nowMs: number,
): SeedReport['superseded'] {
  if (last === undefined) return []
  const replaced =
    last.digest === digest ? [] : [{ digest: last.digest, at: new Date(nowMs).toISOString() }]
  return [...replaced, ...last.superseded].filter(
    (entry) => entry.digest !== digest && nowMs - Date.parse(entry.at) < STALE_READS_MS,
  )
}

async function storedReport(ports: ManagementPorts): Promise<SeedReport | null> {
  const { documents } = await ports.zone.read({ seed_report: [SINGLETON] })
  return documents.seed_report[0] ?? null
}

/** SHA-256 over paths and contents, in hex. */
async function digestOf(files: readonly SeedFile[]): Promise<string> {
  return sha256Hex(JSON.stringify(files.map(({ path, content }) => [path, content])))
}
