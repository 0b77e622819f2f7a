/** Members of an IP set: one address, a CIDR block whose host bits are zero, or `first..last` of one family. */
import { err, ok, type Result } from '#engines/result'
import { compareIp, type Ip, ipFromWords, parseIp } from './ip.ts'

export type IpRange = { readonly first: Ip; readonly last: Ip }
type IpRangeFault = { readonly code: 'invalid_ip' | 'invalid_range'; readonly message: string }

/** Reads one member of a set; the error is a sentence for the author of the rule. */
export function parseIpRange(text: string): Result<IpRange, IpRangeFault> {
  const dots = text.indexOf('..')
  if (dots !== -1) return parseExplicit(text.slice(0, dots), text.slice(dots + 2))
  const slash = text.indexOf('/')
  const address = parseSetAddress(slash === -1 ? text : text.slice(0, slash))
  if (address === undefined) return invalidIp(`invalid IP address syntax: ${text}`)
  return slash === -1
    ? ok({ first: address, last: address })
    : parseBlock(address, text.slice(slash + 1))
}

/** Compiles ranges to a membership test that costs a binary search. */
export function compileIpSet(ranges: readonly IpRange[]): (ip: Ip) => boolean {
  const v4 = mergeRanges(ranges.filter((range) => range.first.family === 4))
  const v6 = mergeRanges(ranges.filter((range) => range.first.family === 6))
  return (ip) => isInRanges(ip.family === 4 ? v4 : v6, ip)
}

function parseExplicit(firstText: string, lastText: string): Result<IpRange, IpRangeFault> {
  const first = parseIp(firstText)
  const last = parseIp(lastText)
  if (first === undefined || last === undefined) {
    return invalidIp(`invalid IP address syntax: ${first === undefined ? firstText : lastText}`)
  }
  const order = compareIp(first, last)
  if (order === undefined || order > 0) {
    return err({ code: 'invalid_range', message: 'incompatible range bounds' })
  }
  return ok({ first, last })
}

function parseBlock(first: Ip, lengthText: string): Result<IpRange, IpRangeFault> {
  const bits = first.family === 4 ? 32 : 128
  const length = /^[0-9]{1,3}$/.test(lengthText) ? Number(lengthText) : Number.NaN
  if (!(length <= bits)) return invalidIp(`invalid length of a network prefix: /${lengthText}`)
  const offset = 128 - bits
  const words = [first.a, first.b, first.c, first.d]
  const hosts = words.map((_, index) => hostMask(offset + length - index * 32))
  // IPv4 lives in the last word only: the unused words have no host bits.
  const last = words.map((word, index) =>
    index * 32 < offset ? 0 : (word | (hosts[index] ?? 0)) >>> 0,
  )
  if (words.some((word, index) => index * 32 >= offset && (word & (hosts[index] ?? 0)) !== 0)) {
    return invalidIp('host part of the network address was not zero')
  }
  return ok({ first, last: ipFromWords(first.family, last) })
}

function invalidIp(message: string): Result<IpRange, IpRangeFault> {
  return err({ code: 'invalid_ip', message })
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
