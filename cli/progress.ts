/** A bar for work that takes a while. It is drawn a few times a second; the caller says on what, and what time it is. */

export type Progress = {
  /** `done` of the total, and a word on what came of it. */
  update(done: number, words: string): void
  /** Takes the bar away. */
  clear(): void
}

type Parts = {
  readonly total: number
  readonly draw: (line: string) => void
  readonly nowMs: () => number
}

const PERIOD_MS = 100
const CELLS = 30

export function createProgress({ total, draw, nowMs }: Parts): Progress {
  const startMs = nowMs()
  let drawnMs = startMs
  return {
    update(done, words) {
      const now = nowMs()
      // Short work shows nothing.
      if (now - drawnMs < PERIOD_MS) return
      drawnMs = now
      draw(`${progressLine(done, total)}  ${words}${remaining(done / total, now - startMs)}`)
    },
    clear: () => draw(''),
  }
}

/** Such as `[##########····················]  33%`. */
export function progressLine(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const filled = Math.round(share * CELLS)
  const percent = `${Math.floor(share * 100)}%`.padStart(4)
  return `[${'#'.repeat(filled)}${'·'.repeat(CELLS - filled)}] ${percent}`
}

function remaining(share: number, elapsedMs: number): string {
  if (share <= 0 || share >= 1) return ''
  return `  ${Math.ceil((elapsedMs * (1 - share)) / share / 1000)} s left`
}
