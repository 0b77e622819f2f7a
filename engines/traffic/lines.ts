/**
 * Cuts chunks of text into lines. Holds one line at most, and of a line over the bound nothing: it is reported by its
 * number and the reading goes on behind it.
 */
import { err, ok, type Result } from '#engines/result'
import type { TrafficError } from './error.ts'

export type Line = {
  /** From 1. */
  readonly number: number
  /** Without its line end. */
  readonly text: Result<string, TrafficError>
}

export type LineSplitter = {
  /** The lines that this chunk ends. */
  push(chunk: string): readonly Line[]
  /** The last line, when no line end follows it. */
  end(): readonly Line[]
}

export function createLineSplitter(charactersMax: number): LineSplitter {
  let rest = ''
  let isTooLong = false
  let number = 0

  function finish(tail: string): Line {
    const text = rest + tail
    const isRefused = isTooLong || text.length > charactersMax
    rest = ''
    isTooLong = false
    number += 1
    if (isRefused) return { number, text: err({ reason: 'line_too_long', charactersMax }) }
    return { number, text: ok(text.endsWith('\r') ? text.slice(0, -1) : text) }
  }

  return {
    push(chunk) {
      const lines: Line[] = []
      let start = 0
      for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
        lines.push(finish(chunk.slice(start, end)))
        start = end + 1
      }
      rest += chunk.slice(start)
      if (rest.length > charactersMax) {
        isTooLong = true
        rest = ''
      }
      return lines
    },
    end: () => (rest === '' && !isTooLong ? [] : [finish('')]),
  }
}
