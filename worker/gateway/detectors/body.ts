/** The body as rules see it: its text, its size and its media type, up to the inspection bound. */
import { decodeBytes, fieldIndex, type Value } from '#engines/expressions'
import type { Detector } from './detector.ts'

const RAW = fieldIndex('http.request.body.raw')
const SIZE = fieldIndex('http.request.body.size')
const TRUNCATED = fieldIndex('http.request.body.truncated')

export const body: Detector = {
  name: 'body',
  fills: ['http.request.body.raw', 'http.request.body.size', 'http.request.body.truncated'],
  async run(exchange) {
    const inspected = await exchange.body.inspect()
    const facts = new Map<number, Value>([[TRUNCATED, inspected.kind === 'too_large']])
    if (inspected.kind === 'too_large') {
      return { facts, finding: { detector: 'body', reason: 'too_large' } }
    }
    const bytes = inspected.kind === 'bytes' ? inspected.bytes : new Uint8Array()
    facts.set(SIZE, bytes.length)
    facts.set(RAW, textOf(bytes))
    return { facts, finding: null }
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
