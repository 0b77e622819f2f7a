/**
 * IP addresses as plain numbers, so that comparing two of them costs a few integer comparisons.
 * Addresses of different families are incomparable, as in wirefilter; `::ffff:1.2.3.4` stays IPv6.
 */

/** Opaque to users: made by `parseIp`. Four 32-bit words, most significant first; IPv4 uses only the last. */
export type Ip = {
  readonly family: 4 | 6
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

const GROUPS = 8
const OCTET = /^(?:0|[1-9][0-9]{0,2})$/
const GROUP = /^[0-9A-Fa-f]{1,4}$/

/** Dotted IPv4 (no leading zeros) or RFC 4291 §2.2 IPv6 text without a zone; undefined otherwise. */
export function parseIp(text: string): Ip | undefined {
  if (text.includes(':')) return parseIpv6(text)
  const value = parseIpv4(text)
  return value === undefined ? undefined : ipFromWords(4, [0, 0, 0, value])
}

/** An address from its 32-bit words, most significant first; absent words are zero. */
export function ipFromWords(family: 4 | 6, words: readonly number[]): Ip {
  const [a = 0, b = 0, c = 0, d = 0] = words
  return { family, a, b, c, d }
}

/** Negative, zero or positive; undefined for addresses of different families. */
export function compareIp(left: Ip, right: Ip): number | undefined {
  if (left.family !== right.family) return undefined
  return left.a - right.a || left.b - right.b || left.c - right.c || left.d - right.d
}

/** Canonical text: dotted IPv4, RFC 5952 IPv6 (with dotted tail for IPv4-mapped addresses). */
export function formatIp(ip: Ip): string {
  if (ip.family === 4) return formatIpv4(ip.d)
  if (ip.a === 0 && ip.b === 0 && ip.c === 0xffff) return `::ffff:${formatIpv4(ip.d)}`
  const groups = [ip.a, ip.b, ip.c, ip.d].flatMap((word) => [word >>> 16, word & 0xffff])
  const zeros = longestZeroRun(groups)
  if (zeros.length < 2) return formatGroups(groups)
  return `${formatGroups(groups.slice(0, zeros.start))}::${formatGroups(groups.slice(zeros.start + zeros.length))}`
}

function parseIpv4(text: string): number | undefined {
  const octets = text.split('.')
  if (octets.length !== 4) return undefined
  let value = 0
  for (const octet of octets) {
    if (!OCTET.test(octet) || Number(octet) > 255) return undefined
    value = value * 256 + Number(octet)
  }
  return value
}

function parseIpv6(text: string): Ip | undefined {
  const halves = text.split('::')
  const [head = '', tail] = halves
  if (halves.length > 2) return undefined
  const front = parseGroups(head, tail === undefined)
  const back = parseGroups(tail ?? '', true)
  if (front === undefined || back === undefined) return undefined
  const absent = GROUPS - front.length - back.length
  // `::` stands for at least one group; without it all eight must be there.
  if (tail === undefined ? absent !== 0 : absent < 1) return undefined
  const groups = [...front, ...Array.from({ length: absent }, () => 0), ...back]
  return ipFromWords(
    6,
    [0, 2, 4, 6].map((at) => (groups[at] ?? 0) * 0x10000 + (groups[at + 1] ?? 0)),
  )
}

function parseGroups(text: string, mayEndDotted: boolean): readonly number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const groups: number[] = []
  for (const [index, part] of parts.entries()) {
    if (GROUP.test(part)) {
      groups.push(Number.parseInt(part, 16))
      continue
    }
    const dotted = mayEndDotted && index === parts.length - 1 ? parseIpv4(part) : undefined
    if (dotted === undefined) return undefined
    groups.push(dotted >>> 16, dotted & 0xffff)
  }
  return groups
}

function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.')
}

function formatGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':')
}

/** RFC 5952 §4.2: the longest run of zero groups is shortened, the first one when there are several. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let length = 0
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > best.length) best = { start: index - length + 1, length }
  }
  return best
}
