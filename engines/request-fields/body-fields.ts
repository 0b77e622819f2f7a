/**
 * The fields `http.request.body.{raw,size,truncated}`. Of a body beyond the inspection bound the text is the beginning, the
 * size is what the client declared or at least more than the bound, and `truncated` says so.
 */
import { decodeBytes, fieldIndex, type Value } from '#engines/expressions'
import { INSPECTION_LIMITS } from './limits.ts'

const RAW = 'http.request.body.raw'
const SIZE = 'http.request.body.size'
const TRUNCATED = 'http.request.body.truncated'

export const BODY_FIELDS: readonly string[] = [RAW, SIZE, TRUNCATED]

const RAW_INDEX = fieldIndex(RAW)
const SIZE_INDEX = fieldIndex(SIZE)
const TRUNCATED_INDEX = fieldIndex(TRUNCATED)

export type SeenBody = {
  /** Up to the bound. */
  readonly head: Uint8Array
  readonly isTruncated: boolean
  /** What Content-Length says; 0 when it says nothing. */
  readonly declaredBytes: number
}

/** By field index. */
export function bodyFields({
  head,
  isTruncated,
  declaredBytes,
}: SeenBody): ReadonlyMap<number, Value> {
  const size = isTruncated
    ? Math.max(declaredBytes, INSPECTION_LIMITS.bodyBytesMax + 1)
    : head.length
  return new Map<number, Value>([
    [RAW_INDEX, textOf(head)],
    [SIZE_INDEX, size],
    [TRUNCATED_INDEX, isTruncated],
  ])
}

/** The platform's decoder is the fast way for what is UTF-8; the rules language has its own for what is not. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return decodeBytes(bytes)
  }
}
