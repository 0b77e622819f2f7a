/**
 * Serial numbers of revoked certificates in as few octets as they have, sorted, so that one is found in O(log n) steps without
 * making anything. A part is base64 of groups: one octet of width, four of count (big-endian), then the numbers of that
 * width in ascending order. Widths ascend through a part and through the parts; a number is in the list once.
 */
import { err, ok, type Result } from '#engines/result'

import { decodeBase64, encodeBase64 } from './base64.ts'
import { walkEntries, crlReason } from './entries.ts'
import { crlLimits } from './limits.ts'

export type PackedSerials = {
  /** How many different numbers. */
  readonly entries: number
  /** Base64, each of at most `crlLimits.partCharactersMax`; none for an empty list. */
  readonly parts: readonly string[]
}

export type SerialSet = {
  readonly entries: number
  /** Whether the number is there, given as the content octets of its INTEGER (`Certificate.serial`). */
  has(serial: Uint8Array): boolean
}

/** Packs the entries of a list that was read; those that take a certificate off the list are not among them. */
export function packSerials(entries: Uint8Array): PackedSerials {
  const sorted = collectByWidth(entries).map(sortNumbers)
  return {
    entries: sorted.reduce((sum, { count }) => sum + count, 0),
    parts: splitParts(sorted).map(encodePart),
  }
}

/** Opens all the parts of one list, in any order; the error says which part is not as `packSerials` made it. */
export function openSerials(
  parts: readonly string[],
): Result<SerialSet, { readonly reason: 'malformed'; readonly part: number }> {
  const groups: Group[] = []
  for (const [part, text] of parts.entries()) {
    const octets = decodeBase64(new TextEncoder().encode(text))
    const read = octets === null ? null : readGroups(octets)
    if (read === null) return err({ reason: 'malformed', part })
    groups.push(...read)
  }
  const byWidth = joinGroups(groups)
  const entries = groups.reduce((sum, { count }) => sum + count, 0)
  return ok({
    entries,
    has(serial) {
      const group = byWidth[serial.length]
      return group !== undefined && includes(group, serial)
    },
  })
}

/** Numbers of one width, one after the other. */
type Group = { readonly width: number; readonly count: number; readonly octets: Uint8Array }

/** Two walks: one to learn how much room each width takes, one to copy. */
function collectByWidth(entries: Uint8Array): readonly Group[] {
  const counts = new Uint32Array(crlLimits.serialOctetsMax + 1)
  walkEntries(entries, ({ serialStart, serialEnd, reason }) => {
    if (reason !== crlReason.removeFromCrl) {
      counts[serialEnd - serialStart] = (counts[serialEnd - serialStart] ?? 0) + 1
    }
  })
  const buffers = Array.from(counts, (count, width) => new Uint8Array(count * width))
  const used = new Uint32Array(counts.length)
  walkEntries(entries, ({ serialStart, serialEnd, reason }) => {
    if (reason === crlReason.removeFromCrl) return
    const width = serialEnd - serialStart
    const at = used[width] ?? 0
    buffers[width]?.set(entries.subarray(serialStart, serialEnd), at)
    used[width] = at + width
  })
  return buffers
    .map((octets, width) => ({ width, count: counts[width] ?? 0, octets }))
    .filter(({ count }) => count > 0)
}

/** In ascending order, each once. */
function sortNumbers(group: Group): Group {
  const { width, count, octets } = group
  const order = Uint32Array.from({ length: count }, (_, index) => index * width)
  order.sort((left, right) => compareAt(group, left, right))
  const sorted = new Uint8Array(octets.length)
  let kept = 0
  let last = -1
  for (const at of order) {
    if (last >= 0 && compareAt(group, last, at) === 0) continue
    sorted.set(octets.subarray(at, at + width), kept * width)
    kept += 1
    last = at
  }
  return { width, count: kept, octets: sorted.subarray(0, kept * width) }
}

/** Groups in order, cut where a part is full. */
function splitParts(groups: readonly Group[]): readonly (readonly Group[])[] {
  const octetsMax = Math.floor(crlLimits.partCharactersMax / 4) * 3
  const parts: Group[][] = []
  let room = 0
  for (const { width, count, octets } of groups) {
    for (let done = 0; done < count;) {
      if (room < headOctets + width) {
        parts.push([])
        room = octetsMax
      }
      const taken = Math.min(count - done, Math.floor((room - headOctets) / width))
      const cut = octets.subarray(done * width, (done + taken) * width)
      parts.at(-1)?.push({ width, count: taken, octets: cut })
      room -= headOctets + cut.length
      done += taken
    }
  }
  return parts
}

/** Octets before the numbers of a group. */
const headOctets = 5

function encodePart(groups: readonly Group[]): string {
  const length = groups.reduce((sum, { octets }) => sum + headOctets + octets.length, 0)
  const part = new Uint8Array(length)
  const view = new DataView(part.buffer)
  let at = 0
  for (const { width, count, octets } of groups) {
    view.setUint8(at, width)
    view.setUint32(at + 1, count)
    part.set(octets, at + headOctets)
    at += headOctets + octets.length
  }
  return encodeBase64(part)
}

function readGroups(part: Uint8Array<ArrayBuffer>): readonly Group[] | null {
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength)
  const groups: Group[] = []
  let at = 0
  while (at < part.length) {
    if (at + headOctets > part.length) return null
    const width = view.getUint8(at)
    const count = view.getUint32(at + 1)
    const end = at + headOctets + width * count
    if (width === 0 || width > crlLimits.serialOctetsMax || end > part.length) return null
    groups.push({ width, count, octets: part.subarray(at + headOctets, end) })
    at = end
  }
  return groups
}

/** One group for each width, found by the width; parts in another order than they were made are put right. */
function joinGroups(groups: readonly Group[]): readonly (Group | undefined)[] {
  const byWidth: (Group | undefined)[] = Array.from({ length: crlLimits.serialOctetsMax + 1 })
  for (const width of new Set(groups.map((group) => group.width))) {
    const pieces = groups
      .filter((group) => group.width === width && group.count > 0)
      .toSorted((left, right) => compareWith(left.octets, 0, right.octets.subarray(0, width)))
    const [first, ...more] = pieces
    byWidth[width] = first === undefined || more.length === 0 ? first : concatenate(pieces, width)
  }
  return byWidth
}

function concatenate(pieces: readonly Group[], width: number): Group {
  const count = pieces.reduce((sum, piece) => sum + piece.count, 0)
  const octets = new Uint8Array(count * width)
  let at = 0
  for (const piece of pieces) {
    octets.set(piece.octets, at)
    at += piece.octets.length
  }
  return { width, count, octets }
}

function includes({ width, count, octets }: Group, serial: Uint8Array): boolean {
  let low = 0
  let high = count - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const order = compareWith(octets, middle * width, serial)
    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle - 1
  }
  return false
}

/** The number at `at` beside one given; both are of the group's width. */
function compareWith(octets: Uint8Array, at: number, serial: Uint8Array): number {
  for (let index = 0; index < serial.length; index++) {
    const difference = (octets[at + index] ?? 0) - (serial[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The numbers at two places of one group. */
function compareAt({ octets, width }: Group, left: number, right: number): number {
  for (let index = 0; index < width; index++) {
    const difference = (octets[left + index] ?? 0) - (octets[right + index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
