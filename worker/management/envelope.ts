/** The v4 envelope: every answer of the management API has this shape, whatever happened. */
import { err } from '#engines/result'
import { ERRORS, errorRow, type ErrorName, type NoticeName, NOTICES } from './error-codes.ts'
import { LIMITS } from './limits.ts'

/** One thing that is wrong with a call. `message` replaces the catalogue's text; `pointer` is a JSON pointer into the body. */
export type Problem = {
  readonly error: ErrorName
  readonly message?: string
  readonly pointer?: string
}

export type Problems = readonly Problem[]

export type Notice = {
  readonly notice: NoticeName
  readonly message?: string
  readonly pointer?: string
}

type PageInfo = {
  readonly page: number
  readonly per_page: number
  readonly count: number
  readonly total_count: number
  readonly total_pages: number
}

/** Some methods of the official client read `cursor`, some `cursors.after`; neither is there on the last page. */
type CursorInfo = {
  readonly count: number
  readonly per_page: number
  readonly total_count: number
  readonly cursor?: string
  readonly cursors: { readonly after?: string }
}

/**
 * What a handler found; `bare` leaves `result` out, which is how Cloudflare answers the deletion of operations, `empty` is
 * 204 and no body at all, which is how it answers that of rulesets. `flattened` puts the members of `result` beside it as
 * well: the official client takes the settings of the older schema API for the bare object, its documentation for the envelope.
 */
export type Answer = {
  readonly result: unknown
  readonly resultInfo?: PageInfo | CursorInfo
  readonly notices?: readonly Notice[]
  readonly bare?: true
  readonly empty?: true
  readonly flattened?: true
}

type Item = {
  readonly code: number
  readonly message: string
  readonly source?: { readonly pointer: string }
}

/** The refusal of a call for one reason. */
export function problem(
  error: ErrorName,
  message?: string,
  pointer?: string,
): { readonly ok: false; readonly error: Problems } {
  const text = message === undefined ? {} : { message }
  return err([{ error, ...text, ...(pointer === undefined ? {} : { pointer }) }])
}

export function answered(answer: Answer): Response {
  const { result, resultInfo, notices = [], bare, empty, flattened } = answer
  if (empty === true) return new Response(null, { status: 204 })
  return json(200, {
    ...(flattened === true ? Object(result) : {}),
    success: true,
    errors: [],
    messages: notices.map((notice) => item(NOTICES[notice.notice], notice)),
    ...(bare === true ? {} : { result }),
    ...(resultInfo === undefined ? {} : { result_info: resultInfo }),
  })
}

/** The status is that of the first problem; an empty list would be our own bug and reads as one. */
export function refused(
  problems: Problems,
  headers: { readonly [name: string]: string } = {},
): Response {
  const row = errorRow(problems[0]?.error ?? 'internal_error')
  const listed = problems.slice(0, LIMITS.errorsListedMax)
  const errors = listed.map((each) => item(ERRORS[each.error], each))
  const unlisted = problems.length - listed.length
  const last = unlisted > 0 ? [{ code: row.code, message: `and ${unlisted} more` }] : []
  const response = json(row.status, {
    success: false,
    errors: [...errors, ...last],
    messages: [],
    result: null,
  })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  if (row.retry === false) response.headers.set('x-should-retry', 'false')
  return response
}

function item(
  row: { readonly code: number; readonly message: string },
  { message, pointer }: { readonly message?: string; readonly pointer?: string },
): Item {
  const text = { code: row.code, message: message ?? row.message }
  return pointer === undefined ? text : { ...text, source: { pointer } }
}

function json(status: number, body: unknown): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
