/**
 * Registered documents: what clients may name by its hash, and what alone runs in the mode `only`. A document is measured when
 * it is registered, so none is ever met that the data plane cannot measure. Registering the same text again changes nothing.
 */
import { createGraphqlMeasurer, GRAPHQL_REASONS } from '#engines/graphql'
import { err, ok } from '#engines/result'
import * as z from 'zod/mini'
import { sha256Hex } from '../../../storage/digest.ts'
import type { GraphqlDocument } from '../../../storage/resources/graphql.ts'
import { readBody } from '../../body.ts'
import { problem, type Problems } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { paginate, readPage } from '../../pagination.ts'
import { transact } from '../../transaction.ts'

const BODY = z.strictObject({
  query: z.string().check(z.minLength(1), z.maxLength(LIMITS.graphqlDocumentCharactersMax)),
})

export async function createPersistedQuery({ ports, request, actor }: Call): Promise<Outcome> {
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const { query } = body.value
  const problems = problemsOf(query)
  if (problems.length > 0) return err(problems)
  const sha256 = await sha256Hex(query)
  const bytes = new TextEncoder().encode(query).length
  const document = { sha256, query, bytes, created_at: new Date(ports.nowMs()).toISOString() }
  const selection = { graphql_document: [sha256] }
  const action = 'portcullis.graphql.persisted_queries.create'
  return transact(ports, { selection, actor, action }, async ({ graphql_document: [stored] }) => {
    if (stored !== undefined) return ok({ puts: [], deletes: [], result: stored })
    const lack = lackOfRoom(await ports.zone.outline('graphql_document', ['bytes']), bytes)
    if (lack !== null) return problem('limit_reached', lack)
    return ok({
      puts: [{ collection: 'graphql_document', id: sha256, body: document }],
      deletes: [],
      result: document,
    })
  })
}

/** In the order in which they were registered. */
export async function listPersistedQueries({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const outlines = await ports.zone.outline('graphql_document', ['sha256'])
  const shown = paginate(outlines, page.value)
  const ids = shown.result.map(({ sha256 }) => sha256)
  const { documents } = await ports.zone.read({ graphql_document: ids })
  return ok({ ...shown, result: documents.graphql_document })
}

export async function getPersistedQuery({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ graphql_document: [idOf(param('sha256'))] })
  const [document] = documents.graphql_document
  return document === undefined ? problem('not_found') : ok({ result: document })
}

export async function deletePersistedQuery({ ports, param, actor }: Call): Promise<Outcome> {
  const id = idOf(param('sha256'))
  const action = 'portcullis.graphql.persisted_queries.delete'
  const transaction = { selection: { graphql_document: [id] }, actor, action }
  return transact(ports, transaction, async ({ graphql_document: stored }) =>
    stored.length === 0
      ? problem('not_found')
      : ok({
          puts: [],
          deletes: [{ collection: 'graphql_document', id }],
          result: { sha256: id },
        }),
  )
}

function lackOfRoom(
  documents: readonly Pick<GraphqlDocument, 'bytes'>[],
  bytes: number,
): string | null {
  const { graphqlDocumentsMax, graphqlDocumentBytesTotalMax } = LIMITS
  if (documents.length >= graphqlDocumentsMax) {
    return `There may be at most ${graphqlDocumentsMax} documents.`
  }
  const total = documents.reduce((sum, document) => sum + document.bytes, bytes)
  return total > graphqlDocumentBytesTotalMax
    ? `All documents together may have at most ${graphqlDocumentBytesTotalMax} bytes.`
    : null
}

function idOf(sha256: string): GraphqlDocument['sha256'] {
  return sha256.toLowerCase()
}

function problemsOf(query: string): Problems {
  const { reason, offset } = createGraphqlMeasurer().measure({
    method: 'POST',
    contentType: 'application/graphql',
    query: '',
    body: new TextEncoder().encode(query),
  })
  if (reason === null) return []
  const place = offset === null ? '' : ` (byte ${offset})`
  const message = `${GRAPHQL_REASONS[reason]}${place}`
  return [{ error: 'invalid_graphql', message, pointer: '/query' }]
}
