/** Walks files of recorded traffic through a judge, request by request, in the order of their times. */
import type { CommandIo } from '../command.ts'
import { createProgress } from '../progress.ts'
import type { Judge } from './judge.ts'
import { inOrderOfTime } from './order.ts'
import { openTraffic, type Unread } from './read.ts'
import type { Tally } from './tally.ts'

type Replayed = Unread & {
  /** Requests that were judged after later ones: they stood too far from their place. */
  readonly out_of_order: number
}

type Parts = { readonly judge: Judge; readonly tally: Tally; readonly io: CommandIo }

/** So seldom is it looked whether to draw the progress. */
const REQUESTS_A_LOOK = 100

export async function replayFiles(
  paths: readonly string[],
  { judge, tally, io }: Parts,
): Promise<Replayed> {
  const { requests, bytes, unread } = await openTraffic(paths, (message) => io.tell(message))
  const progress = createProgress({
    total: bytes.total,
    draw: (line) => io.draw(line),
    nowMs: Date.now,
  })
  let judged = 0
  let outOfOrder = 0
  let reachedMs = 0
  for await (const located of inOrderOfTime(requests)) {
    const { time_ms: timeMs } = located.request
    if (timeMs < reachedMs) outOfOrder += 1
    else reachedMs = timeMs
    tally.add(located, await judge(located.request))
    judged += 1
    if (judged % REQUESTS_A_LOOK === 0) {
      const { blocked } = tally.counts()
      progress.update(bytes.read(), `${judged} requests, ${blocked} would be blocked`)
    }
  }
  progress.clear()
  return { ...unread(), out_of_order: outOfOrder }
}
