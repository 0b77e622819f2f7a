/** Which kind of recording a text is, told by how it begins: names of files lie more often. */
import type { Result } from '#engines/result'
import { readAccessLogLine } from './access-log.ts'
import type { TrafficError } from './error.ts'
import { readJsonLine } from './json-line.ts'
import type { RecordedRequest } from './recorded-request.ts'

export type TrafficFormat = 'har' | 'jsonl' | 'access-log'

/** `head` is the first few hundred characters, without a byte order mark. HAR has `log` alone at its top; our lines do not have it. */
export function detectFormat(head: string): TrafficFormat {
  const text = head.trimStart()
  if (!text.startsWith('{')) return 'access-log'
  return /^\{\s*"log"\s*:/.test(text) ? 'har' : 'jsonl'
}

type LineReader = (line: string) => Result<RecordedRequest, TrafficError>

/** The reader of a line for the formats that have lines. */
export const LINE_READERS: Readonly<Record<Exclude<TrafficFormat, 'har'>, LineReader>> = {
  jsonl: readJsonLine,
  'access-log': readAccessLogLine,
}
