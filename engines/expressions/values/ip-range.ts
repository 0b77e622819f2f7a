/** Members of an IP set: one address, a CIDR block whose host bits are zero, or `first..last` of one family. */
import { err, ok, type Result } from '#engines/result'
import { compareIp, formatIp, type Ip, ipFromWords, parseIp } from './ip.ts'

export type IpRange = { readonly first: Ip; readonly last: Ip }
/** `start` and `end` are offsets in the text. */
type IpRangeFault = {
  readonly code: 'invalid_ip' | 'invalid_range'
  readonly message: string
  readonly start: number
  readonly end: number
}
type Place = { readonly start: number; readonly end: number }

/** Reads one member of a set; the error is a sentence for the author of the rule. */
export function parseIpRange(text: string): Result<IpRange, IpRangeFault> {
  const dots = text.indexOf('..')
  if (dots !== -1) return parseExplicit(text, dots)
  const slash = text.indexOf('/')
  const end = slash === -1 ? text.length : slash
  const address = parseSetAddress(text.slice(0, end))
  if (address === undefined) return invalidIp('invalid IP address syntax', { start: 0, end })
  return slash === -1 ? ok({ first: address, last: address }) : parseBlock(address, text, slash)
}

/** The shortest way to write a range: an address, a CIDR block, or `first..last`. */
export function formatIpRange({ first, last }: IpRange): string {
  if (compareIp(first, last) === 0) return formatIp(first)
  for (let length = 0; length < familyBits(first); length += 1) {
    const whole = lastOfBlock(first, length)
    if (whole !== undefined && compareIp(whole, last) === 0) return `${formatIp(first)}/${length}`
  }
  return `${formatIp(first)}..${formatIp(last)}`
}

/** The first address of the block of this prefix length that an address is in. */
export function networkOf(ip: Ip, length: number): Ip {
  const hosts = hostMasks(ip, length)
  return ipFromWords(
    ip.family,
    wordsOf(ip).map((word, index) => (word & ~(hosts[index] ?? 0)) >>> 0),
  )
}

/** Compiles ranges to a membership test that costs a binary search, over plain numbers for IPv4. */
export function compileIpSet(ranges: readonly IpRange[]): (ip: Ip) => boolean {
  const v4 = mergeRanges(ranges.filter((range) => range.first.family === 4))
  const v6 = mergeRanges(ranges.filter((range) => range.first.family === 6))
  const firsts = Uint32Array.from(v4, ({ first }) => first.d)
  const lasts = Uint32Array.from(v4, ({ last }) => last.d)
  return (ip) => (ip.family === 4 ? isInNumbers(firsts, lasts, ip.d) : isInRanges(v6, ip))
}

function parseExplicit(text: string, dots: number): Result<IpRange, IpRangeFault> {
  const first = parseIp(text.slice(0, dots))
  if (first === undefined) return invalidIp('invalid IP address syntax', { start: 0, end: dots })
  const end = text.length
  const last = parseIp(text.slice(dots + 2))
  if (last === undefined) return invalidIp('invalid IP address syntax', { start: dots + 2, end })
  const order = compareIp(first, last)
  if (order === undefined || order > 0) {
    return err({ code: 'invalid_range', message: 'incompatible range bounds', start: 0, end })
  }
  return ok({ first, last })
}

function parseBlock(first: Ip, text: string, slash: number): Result<IpRange, IpRangeFault> {
  const end = text.length
  const length = parseLength(text.slice(slash + 1))
  if (length === undefined) {
    return invalidIp('invalid length of a network prefix', { start: slash + 1, end })
  }
  if (length > familyBits(first)) {
    return invalidIp(`a network prefix of ${length} bits is too long`, { start: 0, end })
  }
  const last = lastOfBlock(first, length)
  return last === undefined
    ? invalidIp('host part of the network address was not zero', { start: 0, end: slash })
    : ok({ first, last })
}

function parseLength(text: string): number | undefined {
  const length = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN
  return length <= 0xff ? length : undefined
}

/** The last address of the block that starts here; undefined when no block of this length does. */
function lastOfBlock(first: Ip, length: number): Ip | undefined {
  const hosts = hostMasks(first, length)
  const words = wordsOf(first)
  if (words.some((word, index) => (word & (hosts[index] ?? 0)) !== 0)) return undefined
  return ipFromWords(
    first.family,
    words.map((word, index) => (word | (hosts[index] ?? 0)) >>> 0),
  )
}

/** For each word the bits that belong to the host. IPv4 lives in the last word: the others have none. */
function hostMasks(ip: Ip, length: number): readonly number[] {
  const unused = 128 - familyBits(ip)
  return [0, 32, 64, 96].map((start) => (start < unused ? 0 : hostMask(unused + length - start)))
}

function familyBits(ip: Ip): number {
  return ip.family === 4 ? 32 : 128
}

function wordsOf({ a, b, c, d }: Ip): readonly number[] {
  return [a, b, c, d]
}

function invalidIp(message: string, place: Place): Result<IpRange, IpRangeFault> {
  return err({ code: 'invalid_ip', message, ...place })
}

/** Bits of a word that belong to the host when the prefix covers this many of its bits. */
function hostMask(prefixBits: number): number {
  if (prefixBits <= 0) return 0xffffffff
  return prefixBits >= 32 ? 0 : 0xffffffff >>> prefixBits
}

/** In sets wirefilter's network reader accepts decimal octets with leading zeros. */
function parseSetAddress(text: string): Ip | undefined {
  return parseIp(text.includes(':') ? text : text.replaceAll(/(?<=^|\.)0+(?=[0-9])/g, ''))
}

function mergeRanges(ranges: readonly IpRange[]): readonly IpRange[] {
  const merged: IpRange[] = []
  for (const range of [...ranges].sort((left, right) => compareIp(left.first, right.first) ?? 0)) {
    const previous = merged.at(-1)
    if (previous === undefined || (compareIp(previous.last, range.first) ?? 0) < 0) {
      merged.push(range)
    } else if ((compareIp(previous.last, range.last) ?? 0) < 0) {
      merged[merged.length - 1] = { first: previous.first, last: range.last }
    }
  }
  return merged
}

function isInNumbers(firsts: Uint32Array, lasts: Uint32Array, value: number): boolean {
  let low = 0
  let high = firsts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value < (firsts[middle] ?? 0)) high = middle
    else if (value > (lasts[middle] ?? 0)) low = middle + 1
    else return true
  }
  return false
}

function isInRanges(ranges: readonly IpRange[], ip: Ip): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const range = ranges[middle]
    if (range === undefined) return false
    if ((compareIp(ip, range.first) ?? 0) < 0) high = middle
    else if ((compareIp(ip, range.last) ?? 0) > 0) low = middle + 1
    else return true
  }
  return false
}
