/**
 * The body as rules see it: its text, its size and its media type. Of a body beyond the inspection bound the text is the
 * beginning, the size is what the client declared or at least the bound, and `truncated` says so.
 */
import { decodeBytes, fieldIndex, type Value } from '#engines/expressions'
import { GATEWAY_LIMITS } from '../limits.ts'
import type { Detector } from './detector.ts'

const RAW = fieldIndex('http.request.body.raw')
const SIZE = fieldIndex('http.request.body.size')
const TRUNCATED = fieldIndex('http.request.body.truncated')

export const body: Detector = {
  name: 'body',
  fills: ['http.request.body.raw', 'http.request.body.size', 'http.request.body.truncated'],
  async run({ body: buffer, request }) {
    const bytes = await buffer.head()
    const isTruncated = (await buffer.inspect()).kind === 'too_large'
    const declared = Number(request.headers.get('content-length') ?? 0)
    const size = isTruncated
      ? Math.max(declared, GATEWAY_LIMITS.inspectedBodyBytesMax + 1)
      : bytes.length
    const facts = new Map<number, Value>([
      [RAW, textOf(bytes)],
      [SIZE, size],
      [TRUNCATED, isTruncated],
    ])
    return { facts, finding: isTruncated ? { detector: 'body', reason: 'too_large' } : null }
  },
}

/** The runtime's decoder is the fast way for what is UTF-8; the rules language has its own for what is not. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return decodeBytes(bytes)
  }
}
