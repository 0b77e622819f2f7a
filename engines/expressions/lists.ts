/**
 * Named lists, `in $name`. An expression knows a list by its name only and asks for it when it is evaluated, so that a
 * list can change while rules stay compiled. Membership allocates nothing and costs a binary search or two look-ups.
 */
import { err, ok, type Result } from '#engines/result'
import { BYTES, INT, IP, type Type } from './types.ts'
import { isIp, type Value } from './value.ts'
import { lowerAscii } from './values/bytes.ts'
import { compileIpSet, type IpRange, parseIpRange } from './values/ip-range.ts'

/** Kinds of the lists API. */
export type ListKind = 'ip' | 'hostname' | 'asn' | 'redirect'

/** Whether a value is in the list; a value of another type never is. */
export type ListMatcher = (value: Value) => boolean

export type ListFault = {
  /** Position of the item that was refused. */
  readonly index: number
  readonly message: string
}

/** The type of value that may be in a list of each kind; a redirect has none. */
export const LIST_TYPES: Readonly<Record<ListKind, Type | undefined>> = {
  ip: IP,
  hostname: BYTES,
  asn: INT,
  redirect: undefined,
}

const ASN_MAX = 0xffffffff
const HOSTNAME = /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/
const HOSTNAME_CHARACTERS_MAX = 255

/**
 * Compiles the items of a list: addresses, CIDR blocks and ranges; hostnames, of which `*.example.com` means every name
 * below but not the name itself; numbers of autonomous systems. Any number of items, duplicates included.
 */
export function compileList(
  kind: ListKind,
  items: readonly (string | number)[],
): Result<ListMatcher, ListFault> {
  switch (kind) {
    case 'ip':
      return compileIps(items)
    case 'hostname':
      return compileHostnames(items)
    case 'asn':
      return compileNumbers(items)
    case 'redirect':
      return ok(() => false)
  }
}

function compileIps(items: readonly (string | number)[]): Result<ListMatcher, ListFault> {
  const ranges: IpRange[] = []
  for (const [index, item] of items.entries()) {
    const range = parseIpRange(String(item))
    if (!range.ok) return err({ index, message: range.error.message })
    ranges.push(range.value)
  }
  const isMember = compileIpSet(ranges)
  return ok((value) => isIp(value) && isMember(value))
}

function compileHostnames(items: readonly (string | number)[]): Result<ListMatcher, ListFault> {
  const exact = new Set<string>()
  const parents = new Set<string>()
  for (const [index, item] of items.entries()) {
    const name = lowerAscii(String(item))
    if (!HOSTNAME.test(name) || name.length > HOSTNAME_CHARACTERS_MAX) {
      return err({ index, message: 'expected a hostname, or *. and a hostname' })
    }
    if (name.startsWith('*.')) parents.add(name.slice(2))
    else exact.add(name)
  }
  return ok((value) => typeof value === 'string' && isHostIn(hostnameOf(value), exact, parents))
}

function isHostIn(name: string, exact: ReadonlySet<string>, parents: ReadonlySet<string>): boolean {
  if (exact.has(name)) return true
  if (parents.size === 0 || name.length > HOSTNAME_CHARACTERS_MAX) return false
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    if (dot > 0 && parents.has(name.slice(dot + 1))) return true
  }
  return false
}

/** `http.host` may carry a port, which no item has. */
function hostnameOf(host: string): string {
  const colon = host.indexOf(':')
  return lowerAscii(colon === -1 ? host : host.slice(0, colon))
}

function compileNumbers(items: readonly (string | number)[]): Result<ListMatcher, ListFault> {
  const members = new Set<Value>()
  for (const [index, item] of items.entries()) {
    const asn = typeof item === 'number' ? item : Number.NaN
    if (!Number.isInteger(asn) || asn < 0 || asn > ASN_MAX) {
      return err({ index, message: 'expected the number of an autonomous system' })
    }
    members.add(asn)
  }
  return ok((value) => members.has(value))
}
