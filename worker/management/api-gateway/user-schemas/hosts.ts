/** The hosts that each uploaded document describes operations of. */
import { ok } from '#engines/result'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { paginate, readPage } from '../../pagination.ts'
import { readDescribedOperations } from '../../schema-validation/schema-document.ts'

export async function listSchemaHosts({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query, LIMITS.perPageOfSourcesMax)
  if (!page.ok) return page
  const { documents } = await ports.zone.read({ schema: 'all', schema_source: 'all' })
  const sources = new Map(documents.schema_source.map((text) => [text.schema_id, text.source]))
  const answer = paginate(documents.schema, page.value)
  const result = await Promise.all(
    answer.result.map(async ({ schema_id, name, created_at }) => {
      const described = await readDescribedOperations(sources.get(schema_id) ?? '', ports.nowMs())
      const hosts = [...new Set(described.map(({ host }) => host))].toSorted()
      return { schema_id, name, hosts, created_at }
    }),
  )
  return ok({ ...answer, result })
}
