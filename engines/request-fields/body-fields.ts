/**
 * The fields `http.request.body.*` that come from reading a body: its text, its size, and the fields of a form. Of a body
 * beyond the inspection bound the text is the beginning, the size is what the client declared or at least more than the bound,
 * and `truncated` says so.
 */
import { decodeBytes, fieldIndex, type Value } from '#engines/expressions'
import { INSPECTION_LIMITS } from './limits.ts'
import { formOf, grouped } from './parameters.ts'

const RAW = 'http.request.body.raw'
const SIZE = 'http.request.body.size'
const TRUNCATED = 'http.request.body.truncated'
const FORM = 'http.request.body.form'
const FORM_NAMES = 'http.request.body.form.names'
const FORM_VALUES = 'http.request.body.form.values'

export const BODY_FIELDS: readonly string[] = [RAW, SIZE, TRUNCATED, FORM, FORM_NAMES, FORM_VALUES]

const RAW_INDEX = fieldIndex(RAW)
const SIZE_INDEX = fieldIndex(SIZE)
const TRUNCATED_INDEX = fieldIndex(TRUNCATED)
const FORM_INDEX = fieldIndex(FORM)
const FORM_NAMES_INDEX = fieldIndex(FORM_NAMES)
const FORM_VALUES_INDEX = fieldIndex(FORM_VALUES)

export type SeenBody = {
  /** Up to the bound. */
  readonly head: Uint8Array
  readonly isTruncated: boolean
  /** What Content-Length says; 0 when it says nothing. */
  readonly declaredBytes: number
  /** The Content-Type header. */
  readonly contentType: string | null
}

/** By field index. */
export function bodyFields(body: SeenBody): ReadonlyMap<number, Value> {
  const { head, isTruncated, declaredBytes } = body
  const size = isTruncated
    ? Math.max(declaredBytes, INSPECTION_LIMITS.bodyBytesMax + 1)
    : head.length
  const text = textOf(head)
  const fields = new Map<number, Value>([
    [RAW_INDEX, text],
    [SIZE_INDEX, size],
    [TRUNCATED_INDEX, isTruncated],
  ])
  if (!isForm(body.contentType)) return fields
  const form = formOf(text)
  const names = form.map(({ name }) => name)
  const values = form.map(({ value }) => value)
  return fields
    .set(FORM_INDEX, grouped(form))
    .set(FORM_NAMES_INDEX, names)
    .set(FORM_VALUES_INDEX, values)
}

function isForm(contentType: string | null): boolean {
  return /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType ?? '')
}

/** The platform's decoder is the fast way for what is UTF-8; the rules language has its own for what is not. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return decodeBytes(bytes)
  }
}
