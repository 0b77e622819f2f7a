/** Walks files of recorded traffic through a judge, request by request, in the order of the files. */
import { describeTrafficError } from '#engines/traffic'
import type { CommandIo } from '../command.ts'
import { createProgress } from '../progress.ts'
import type { TrafficEntry } from '../traffic-entries.ts'
import { readTrafficFile, sizeOfFile } from '../traffic-files.ts'
import type { Judge } from './judge.ts'
import type { Tally } from './tally.ts'

/** What was not replayed. */
export type Unread = {
  /** Lines, entries and files that could not be understood; each was told. */
  readonly unreadable: number
  /** What a browser recorded beside HTTP. */
  readonly not_http: number
}

type Parts = { readonly judge: Judge['judge']; readonly tally: Tally; readonly io: CommandIo }

export async function replayFiles(
  paths: readonly string[],
  { judge, tally, io }: Parts,
): Promise<Unread> {
  const unread = { unreadable: 0, not_http: 0 }
  const files: { readonly path: string; readonly bytes: number }[] = []
  for (const path of paths) {
    const size = await sizeOfFile(path)
    if (size.ok) files.push({ path, bytes: size.value })
    else refuse(size.error)
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const progress = createProgress({ total, draw: (line) => io.draw(line), nowMs: Date.now })
  let bytesBefore = 0
  for (const { path, bytes } of files) {
    for await (const batch of readTrafficFile(path)) {
      if (!batch.ok) {
        refuse(batch.error)
        continue
      }
      for (const entry of batch.value.entries) await replayEntry(path, entry)
      const { requests, blocked } = tally.counts()
      progress.update(
        bytesBefore + batch.value.bytesRead,
        `${requests} requests, ${blocked} would be blocked`,
      )
    }
    bytesBefore += bytes
  }
  progress.clear()
  return unread

  function refuse(message: string): void {
    unread.unreadable += 1
    io.tell(message)
  }

  async function replayEntry(file: string, { number, request }: TrafficEntry): Promise<void> {
    if (request.ok) {
      tally.add({ file, number, request: request.value }, await judge(request.value))
    } else if (request.error.reason === 'not_http') {
      unread.not_http += 1
    } else {
      refuse(`${file}:${number}: ${describeTrafficError(request.error)}`)
    }
  }
}
