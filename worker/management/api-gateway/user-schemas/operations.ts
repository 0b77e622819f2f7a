/** The operations that an uploaded document describes: those that are saved as they are shown elsewhere, the others bare. */
import { ok } from '#engines/result'
import type { Operation } from '../../../storage/resources.ts'
import { problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { paginate, readPage, readWord } from '../../pagination.ts'
import { readDescribedOperations } from '../../schema-validation/schema-document.ts'
import { featureSelection, readFeatures, withFeatures } from '../operation-features.ts'
import { readFilter, selected } from '../operation-filter.ts'

export async function listDescribedOperations({ ports, query, param }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const status = readWord(query, 'operation_status', ['new', 'existing'])
  if (!status.ok) return status
  const filter = readFilter(query)
  if (!filter.ok) return filter
  const features = readFeatures(query)
  if (!features.ok) return features
  const { documents } = await ports.zone.read({
    operation: 'all',
    schema_source: [param('schema_id')],
    ...featureSelection(features.value),
  })
  const text = documents.schema_source[0]
  if (text === undefined) return problem('not_found')
  const saved = new Map(documents.operation.map((each) => [each.operation_id, each]))
  const described = await readDescribedOperations(text.source, ports.nowMs())
  const wanted = selected(described, filter.value).filter(
    ({ operation_id }) =>
      status.value === undefined || saved.has(operation_id) === (status.value === 'existing'),
  )
  const answer = paginate(wanted, page.value)
  const result = answer.result.map((operation) => {
    const stored = saved.get(operation.operation_id)
    return stored === undefined ? bare(operation) : withFeatures(stored, documents, features.value)
  })
  return ok({ ...answer, result })
}

function bare({ method, host, endpoint }: Operation) {
  return { method, host, endpoint }
}
