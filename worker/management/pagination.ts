/**
 * Pages of a list. The official client asks for one page after another until it meets an empty one, so a page past the
 * end is an empty list and no error. `limit` and `offset` are the older words of the certificates API for the same.
 */
import { ok, type Result } from '#engines/result'
import { type Answer, problem, type Problems } from './envelope.ts'
import { LIMITS } from './limits.ts'

export type PageRequest = {
  readonly page: number
  readonly perPage: number
  /** Items left out before the first page. */
  readonly offset: number
}

export type Page<T> = Answer & { readonly result: readonly T[] }

export function readPage(
  query: URLSearchParams,
  perPageMax: number = LIMITS.perPageMax,
): Result<PageRequest, Problems> {
  const size = query.has('per_page') ? 'per_page' : 'limit'
  const page = readInteger(query, { name: 'page', min: 1, max: LIMITS.pageMax, fallback: 1 })
  const perPage = readInteger(query, {
    name: size,
    min: 1,
    max: perPageMax,
    fallback: Math.min(LIMITS.perPageDefault, perPageMax),
  })
  const offset = readInteger(query, { name: 'offset', min: 0, max: LIMITS.pageMax, fallback: 0 })
  if (!page.ok) return page
  if (!perPage.ok) return perPage
  if (!offset.ok) return offset
  return ok({ page: page.value, perPage: perPage.value, offset: offset.value })
}

/** The items of the page asked for, with the figures of the whole list. */
export function paginate<T>(items: readonly T[], request: PageRequest): Page<T> {
  const rest = items.slice(request.offset)
  const start = (request.page - 1) * request.perPage
  const result = rest.slice(start, start + request.perPage)
  return {
    result,
    resultInfo: {
      page: request.page,
      per_page: request.perPage,
      count: result.length,
      total_count: items.length,
      total_pages: Math.ceil(rest.length / request.perPage),
    },
  }
}

export type CursorRequest = { readonly perPage: number; readonly cursor: string | null }

export function readCursor(
  query: URLSearchParams,
  { perPageDefault, perPageMax }: { readonly perPageDefault: number; readonly perPageMax: number },
): Result<CursorRequest, Problems> {
  const bounds = { name: 'per_page', min: 1, max: perPageMax, fallback: perPageDefault }
  const perPage = readInteger(query, bounds)
  if (!perPage.ok) return perPage
  const cursor = query.get('cursor') || null
  if (cursor !== null && !CURSOR.test(cursor)) {
    return problem('invalid_query', 'cursor must be one that an answer gave.')
  }
  return ok({ perPage: perPage.value, cursor })
}

/**
 * The items after the cursor. A cursor names the last item seen and how many there were up to it: when that item is gone
 * meanwhile, the count takes its place.
 */
export function paginateByCursor<T extends { readonly id: string }>(
  items: readonly T[],
  { perPage, cursor }: CursorRequest,
): Page<T> {
  const [, count = '0', last] = (cursor === null ? null : CURSOR.exec(cursor)) ?? []
  const seen = items.findIndex(({ id }) => id === last)
  const start = seen === -1 ? Number(count) : seen + 1
  const result = items.slice(start, start + perPage)
  const end = start + result.length
  const next = end < items.length ? `${end}-${result.at(-1)?.id}` : null
  return {
    result,
    resultInfo: {
      count: result.length,
      per_page: perPage,
      total_count: items.length,
      ...(next === null ? {} : { cursor: next }),
      cursors: next === null ? {} : { after: next },
    },
  }
}

const CURSOR = /^(\d{1,9})-([\da-f]{1,40})$/

/** A whole number from the query, within bounds. */
export function readInteger(
  query: URLSearchParams,
  { name, min, max, fallback }: { name: string; min: number; max: number; fallback: number },
): Result<number, Problems> {
  const text = query.get(name)
  if (text === null) return ok(fallback)
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return ok(value)
  return problem('invalid_query', `${name} must be a whole number from ${min} to ${max}.`)
}

/** One of the listed words from the query; `undefined` when the query does not say. */
export function readWord<W extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly W[],
): Result<W | undefined, Problems> {
  const [text, ...others] = query.getAll(name)
  if (text === undefined) return ok(undefined)
  if (others.length > 0) return problem('invalid_query', `${name} must be given once.`)
  const word = words.find((candidate) => candidate === text)
  if (word !== undefined) return ok(word)
  return problem('invalid_query', `${name} must be one of ${words.join(', ')}.`)
}

/** `true` or `false` from the query. */
export function readFlag(
  query: URLSearchParams,
  name: string,
): Result<boolean | undefined, Problems> {
  const word = readWord(query, name, ['true', 'false'])
  if (!word.ok) return word
  return ok(word.value === undefined ? undefined : word.value === 'true')
}
