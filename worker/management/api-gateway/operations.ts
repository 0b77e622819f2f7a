/**
 * The operations of the zone. Creating one that is there already answers with that one and changes nothing; deleting one
 * takes its mitigation setting along, and is refused while a sequence rule names the operation.
 */
import { METHODS } from '#engines/paths'
import * as z from 'zod/mini'
import { err, ok, type Result } from '#engines/result'
import type { Operation } from '../../storage/resources.ts'
import { readBody } from '../body.ts'
import { type Answer, type Problem, problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { paginate, readPage } from '../pagination.ts'
import { transact } from '../transaction.ts'
import { featureSelection, readFeatures, withFeatures } from './operation-features.ts'
import { saving } from './operation-saving.ts'
import { readFilter, selected } from './operation-filter.ts'
import { removalOf, removalProblems, removalSelection } from './operation-removal.ts'
import { readTriple, type WrittenTriple } from './operation-triple.ts'

const TRIPLE = z.object({ method: z.enum(METHODS), host: z.string(), endpoint: z.string() })

const TRIPLES = z.array(TRIPLE).check(z.minLength(1), z.maxLength(LIMITS.bulkOperationsMax))

/** Cloudflare's description has objects; plain ids are what one would write. */
const IDS = z
  .array(z.union([z.string(), z.object({ operation_id: z.string() })]))
  .check(z.minLength(1), z.maxLength(LIMITS.bulkOperationsMax))

export async function createOperation(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, TRIPLE)
  if (!body.ok) return body
  const read = await readTriple(body.value, '', call.ports.nowMs())
  if (!read.ok) return read
  const done = await save(call, [read.value], 'api_gateway.operations.create')
  return done.ok ? ok({ ...done.value, result: done.value.result[0] }) : done
}

export async function bulkCreateOperations(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, TRIPLES)
  if (!body.ok) return body
  const operations = await readTriples(body.value, call.ports.nowMs())
  return operations.ok
    ? save(call, operations.value, 'api_gateway.operations.bulk_create')
    : operations
}

export async function listOperations({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const filter = readFilter(query)
  if (!filter.ok) return filter
  const features = readFeatures(query)
  if (!features.ok) return features
  const selection = { operation: 'all' as const, ...featureSelection(features.value) }
  const { documents } = await ports.zone.read(selection)
  const answer = paginate(selected(documents.operation, filter.value), page.value)
  const shown = answer.result.map((operation) => withFeatures(operation, documents, features.value))
  return ok({ ...answer, result: shown })
}

export async function getOperation({ ports, query, param }: Call): Promise<Outcome> {
  const features = readFeatures(query)
  if (!features.ok) return features
  const selection = { operation: [param('operation_id')], ...featureSelection(features.value) }
  const { documents } = await ports.zone.read(selection)
  const operation = documents.operation[0]
  if (operation === undefined) return problem('not_found')
  return ok({ result: withFeatures(operation, documents, features.value) })
}

export async function deleteOperation({ ports, param, actor }: Call): Promise<Outcome> {
  const ids = [param('operation_id')]
  const action = 'api_gateway.operations.delete'
  const transaction = { selection: removalSelection(ids), actor, action }
  return bare(
    await transact(ports, transaction, async (documents) => {
      if (documents.operation.length === 0) return problem('not_found')
      const problems = removalProblems(documents, ids)
      if (problems.length > 0) return err(problems)
      return ok({ puts: [], deletes: removalOf(documents, ids), result: null })
    }),
  )
}

/** Ids that are not there are no error: the outcome is the one asked for. */
export async function bulkDeleteOperations({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, IDS)
  if (!body.ok) return body
  const ids = body.value.map((id) => (typeof id === 'string' ? id : id.operation_id))
  const action = 'api_gateway.operations.bulk_delete'
  const transaction = { selection: removalSelection([...new Set(ids)]), actor, action }
  return bare(
    await transact(ports, transaction, async (documents) => {
      const problems = removalProblems(documents, ids, (index) => `/${index}`)
      if (problems.length > 0) return err(problems)
      return ok({ puts: [], deletes: removalOf(documents, ids), result: null })
    }),
  )
}

async function readTriples(
  triples: readonly WrittenTriple[],
  nowMs: number,
): Promise<Result<readonly Operation[], Problems>> {
  const operations: Operation[] = []
  const problems: Problem[] = []
  for (const [index, triple] of triples.entries()) {
    const read = await readTriple(triple, `/${index}`, nowMs)
    if (read.ok) operations.push(read.value)
    else problems.push(...read.error)
  }
  return problems.length > 0 ? err(problems) : ok(operations)
}

function save({ ports, actor }: Call, wanted: readonly Operation[], action: string) {
  const transaction = { selection: { operation: 'all' as const }, actor, action }
  return transact(ports, transaction, async (documents) => {
    const saved = saving(documents, wanted)
    return saved.ok
      ? ok({ puts: saved.value.puts, deletes: [], result: saved.value.operations })
      : saved
  })
}

function bare(done: Result<Answer, Problems>): Outcome {
  return done.ok ? ok({ ...done.value, bare: true }) : done
}
