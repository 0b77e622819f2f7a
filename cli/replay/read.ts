/**
 * Reads several files of recorded traffic side by side, always on in the one that is furthest behind in time: so the requests
 * of files that are each in order come nearly in order.
 */
import { describeTrafficError } from '#engines/traffic'
import { cliLimits } from '../limits.ts'
import { readTrafficFile, sizeOfFile } from '../traffic-files.ts'
import type { Located } from './tally.ts'

/** What was not replayed. */
export type Unread = {
  /** Lines, entries and files that could not be understood; each was told. */
  readonly unreadable: number
  /** What a browser recorded beside HTTP. */
  readonly not_http: number
}

export type Reading = {
  readonly requests: AsyncIterable<readonly Located[]>
  readonly bytes: { readonly total: number; readonly read: () => number }
  readonly unread: () => Unread
}

/** `tell` gets one line for all that cannot be read. */
export async function openTraffic(
  paths: readonly string[],
  tell: (message: string) => void,
): Promise<Reading> {
  const unread = { unreadable: 0, not_http: 0 }
  const waiting: string[] = []
  const open: OpenFile[] = []
  let bytesTotal = 0
  let bytesRead = 0
  for (const path of paths) {
    const size = await sizeOfFile(path)
    if (!size.ok) {
      refuse(size.error)
      continue
    }
    waiting.push(path)
    bytesTotal += size.value
  }
  return {
    requests: readAll(),
    bytes: { total: bytesTotal, read: () => bytesRead },
    unread: () => ({ ...unread }),
  }

  async function* readAll(): AsyncGenerator<readonly Located[]> {
    for (;;) {
      while (open.length < cliLimits.openFilesMax && waiting.length > 0) {
        const [path = ''] = waiting.splice(0, 1)
        open.push({ path, batches: readTrafficFile(path), bytesRead: 0, reachedMs: -Infinity })
      }
      const file = furthestBehind(open)
      if (file === null) return
      const batch = await readOn(file)
      if (batch === null) open.splice(open.indexOf(file), 1)
      else yield batch
    }
  }

  /** Null at the end of the file. */
  async function readOn(file: OpenFile): Promise<readonly Located[] | null> {
    const next = await file.batches.next()
    if (next.done === true) return null
    if (!next.value.ok) {
      refuse(next.value.error)
      return []
    }
    const { entries, bytesRead: bytesOfFile } = next.value.value
    bytesRead += bytesOfFile - file.bytesRead
    file.bytesRead = bytesOfFile
    const located: Located[] = []
    for (const { number, request } of entries) {
      if (request.ok) {
        located.push({ file: file.path, number, request: request.value })
        file.reachedMs = Math.max(file.reachedMs, request.value.time_ms)
      } else if (request.error.reason === 'not_http') {
        unread.not_http += 1
      } else {
        refuse(`${file.path}:${number}: ${describeTrafficError(request.error)}`)
      }
    }
    return located
  }

  function refuse(message: string): void {
    unread.unreadable += 1
    tell(message)
  }
}

type OpenFile = {
  readonly path: string
  readonly batches: ReturnType<typeof readTrafficFile>
  bytesRead: number
  /** The latest time that was read. */
  reachedMs: number
}

function furthestBehind(files: readonly OpenFile[]): OpenFile | null {
  let found: OpenFile | null = null
  for (const file of files) if (found === null || file.reachedMs < found.reachedMs) found = file
  return found
}
