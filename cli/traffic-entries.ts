/** Text of a recording, chunk by chunk, to its entries, whatever its format is. */
import { err, ok, type Result } from '#engines/result'
import {
  createLineSplitter,
  describeTrafficError,
  detectFormat,
  type Line,
  LINE_READERS,
  readHar,
  type RecordedRequest,
  type TrafficError,
  type TrafficFormat,
  trafficLimits,
} from '#engines/traffic'

export type TrafficEntry = {
  /** Number of the line, or of the entry in a HAR file; from 1. */
  readonly number: number
  readonly request: Result<RecordedRequest, TrafficError>
}

export type EntryReader = {
  /** The entries that this chunk completes. */
  push(text: string): readonly TrafficEntry[]
  /** What is left, or one line that says why the whole is no recording. */
  end(): Result<readonly TrafficEntry[], string>
}

/** Enough to tell a format by, unless the whole is shorter. */
const HEAD_CHARACTERS = 256

export function createEntryReader(): EntryReader {
  let head = ''
  let reader: EntryReader | null = null
  const start = (): EntryReader => READERS[detectFormat(head)]()
  return {
    push(text) {
      if (reader !== null) return reader.push(text)
      head += text
      if (head.trimStart().length < HEAD_CHARACTERS) return []
      reader = start()
      return reader.push(head)
    },
    end() {
      if (reader !== null) return reader.end()
      const short = start()
      const entries = short.push(head)
      const last = short.end()
      return last.ok ? ok([...entries, ...last.value]) : last
    },
  }
}

const READERS: Readonly<Record<TrafficFormat, () => EntryReader>> = {
  har: createHarReader,
  jsonl: () => createLineReader('jsonl'),
  'access-log': () => createLineReader('access-log'),
}

function createLineReader(format: keyof typeof LINE_READERS): EntryReader {
  const splitter = createLineSplitter(trafficLimits.lineCharactersMax)
  const readLine = LINE_READERS[format]
  const toEntries = (lines: readonly Line[]): readonly TrafficEntry[] =>
    lines
      .filter(({ text }) => !text.ok || text.value.trim() !== '')
      .map(({ number, text }) => ({ number, request: text.ok ? readLine(text.value) : text }))
  return {
    push: (text) => toEntries(splitter.push(text)),
    end: () => ok(toEntries(splitter.end())),
  }
}

function createHarReader(): EntryReader {
  const { harCharactersMax: charactersMax } = trafficLimits
  let parts: string[] = []
  let characters = 0
  return {
    push(text) {
      characters += text.length
      // What is too long is not kept; the end says so.
      if (characters > charactersMax) parts = []
      else parts.push(text)
      return []
    },
    end() {
      const har =
        characters > charactersMax
          ? err<TrafficError>({ reason: 'har_too_long', charactersMax })
          : readHar(parts.join(''))
      if (!har.ok) return err(describeTrafficError(har.error))
      return ok(har.value.map((request, index) => ({ number: index + 1, request })))
    },
  }
}
