/**
 * The documents of a request against the registered ones: which hash each text has, and what runs where a client sends a hash
 * alone. Asked only after the engine took the request, so that it is JSON, bounded and without a member given twice.
 */
import type { GraphqlRequest } from '#engines/graphql'
import { sha256Hex } from '../storage/digest.ts'

export type Registration = {
  /** All documents of the request are registered, and their hashes are what they claim to be. */
  readonly isRegistered: boolean
  /** Some document was not sent, and what runs is not known. */
  readonly isMissing: boolean
  /** The request with registered documents in place of their hashes; `null` when all documents were sent. */
  readonly completed: GraphqlRequest | null
}

export async function registration(
  request: GraphqlRequest,
  documents: ReadonlyMap<string, string>,
): Promise<Registration> {
  const { items, isBatch } = itemsOf(request)
  const found = await Promise.all(items.map((item) => lookUp(item, documents)))
  const isMissing = found.some(({ query }) => query === null)
  const isCompleted = !isMissing && found.some(({ isSent }) => !isSent)
  const bodies = items.map((item, number) =>
    Object.assign({}, item, { query: found[number]?.query }),
  )
  return {
    isRegistered: found.every(({ isRegistered }) => isRegistered),
    isMissing,
    completed: isCompleted ? asJson(isBatch ? bodies : bodies[0]) : null,
  }
}

type Item = { readonly [name: string]: unknown }

function itemsOf({ method, contentType, query, body }: GraphqlRequest): {
  readonly items: readonly Item[]
  readonly isBatch: boolean
} {
  const text = body === null || method === 'GET' ? '' : new TextDecoder().decode(body)
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (text === '') return { items: [ofParameters(query)], isBatch: false }
  if (mediaType === 'application/graphql') return { items: [{ query: text }], isBatch: false }
  if (mediaType === 'application/x-www-form-urlencoded') {
    return { items: [ofParameters(text)], isBatch: false }
  }
  const value: unknown = JSON.parse(text)
  return Array.isArray(value)
    ? { items: value.map(itemOf), isBatch: true }
    : { items: [itemOf(value)], isBatch: false }
}

function itemOf(value: unknown): Item {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function ofParameters(text: string): Item {
  const parameters = new URLSearchParams(text)
  const json = (name: string): Item => {
    const value = parameters.get(name)
    return value === null ? {} : { [name]: JSON.parse(value) }
  }
  return {
    ...Object.fromEntries([...parameters].filter(([name]) => TEXTS.has(name))),
    ...json('variables'),
    ...json('extensions'),
  }
}

const TEXTS = new Set(['query', 'operationName'])

type Found = {
  /** What runs; `null` when nobody knows. */
  readonly query: string | null
  readonly isSent: boolean
  readonly isRegistered: boolean
}

async function lookUp(item: Item, documents: ReadonlyMap<string, string>): Promise<Found> {
  const claimed = hashOf(item)
  const { query } = item
  if (typeof query !== 'string') {
    const registered = claimed === null ? undefined : documents.get(claimed)
    const isRegistered = registered !== undefined
    return { query: registered ?? null, isSent: false, isRegistered }
  }
  const hash = await sha256Hex(query)
  const isHonest = claimed === null || claimed === hash
  return { query, isSent: true, isRegistered: isHonest && documents.has(hash) }
}

/** Apollo's form, in lower case. */
function hashOf({ extensions }: Item): string | null {
  const { persistedQuery } = itemOf(extensions)
  const { sha256Hash } = itemOf(persistedQuery)
  return typeof sha256Hash === 'string' ? sha256Hash.toLowerCase() : null
}

function asJson(value: unknown): GraphqlRequest {
  const body = new TextEncoder().encode(JSON.stringify(value))
  return { method: 'POST', contentType: 'application/json', query: '', body }
}
