/**
 * The items of a list, one table row a kind: what is a valid item, and what makes two of them the same. Two spellings of
 * one address are the same item.
 */
import { type ListKind, parseIp } from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import {
  type Checks,
  isRecord,
  type Issue,
  issue,
  isTrueOrFalse,
  membersIssues,
  oneOf,
  strangersIssues,
  textUpTo,
  wholeNumber,
} from './checks.ts'
import { ruleFileLimits as limits } from './limits.ts'

type ListHostname = {
  readonly url_hostname: string
  readonly exclude_exact_hostname?: boolean
}

type ListRedirect = {
  readonly source_url: string
  readonly target_url: string
  readonly include_subdomains?: boolean
  readonly preserve_path_suffix?: boolean
  readonly preserve_query_string?: boolean
  readonly status_code?: 301 | 302 | 307 | 308
  readonly subpath_matching?: boolean
}

/** Exactly one of the first four is there: the one that the kind of the list names. */
export type ListItemContent = {
  readonly ip?: string
  readonly hostname?: ListHostname
  readonly asn?: number
  readonly redirect?: ListRedirect
  readonly comment?: string
}

export function readListItem(
  kind: ListKind,
  value: unknown,
): Result<ListItemContent, readonly Issue[]> {
  if (!isRecord(value)) return err([issue([], `An item must be an object with "${kind}".`)])
  const issues = [
    ...strangersIssues(value, [kind, 'comment'], []),
    ...membersIssues(value, COMMENT_CHECKS, []),
    ...ITEM_ISSUES[kind](value[kind]),
  ]
  return hasPassed(value, issues) ? ok(contentOf(value)) : err(issues)
}

/** Equal for items that mean the same; a list holds each once. */
export function listItemKey({ ip, hostname, asn, redirect }: ListItemContent): string {
  if (ip !== undefined) return JSON.stringify(ipRange(ip))
  if (hostname !== undefined) return hostname.url_hostname.toLowerCase()
  return asn === undefined ? (redirect?.source_url ?? '') : String(asn)
}

function hasPassed(value: unknown, issues: readonly Issue[]): value is ListItemContent {
  return isRecord(value) && issues.length === 0
}

function contentOf({ ip, hostname, asn, redirect, comment }: ListItemContent): ListItemContent {
  return {
    ...(ip === undefined ? {} : { ip }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(asn === undefined ? {} : { asn }),
    ...(redirect === undefined ? {} : { redirect }),
    ...(comment === undefined || comment === '' ? {} : { comment }),
  }
}

const COMMENT_CHECKS: Checks = {
  comment: { check: textUpTo(limits.descriptionCharactersMax, 0), required: false },
}

/** Cloudflare: "a non-negative 32 bit integer". */
const ASN_MAX = 0xffff_ffff

const ITEM_ISSUES: { readonly [kind in ListKind]: (value: unknown) => readonly Issue[] } = {
  ip: (value) => wrong('ip', checkIp(value)),
  asn: (value) => wrong('asn', wholeNumber(0, ASN_MAX)(value)),
  hostname: (value) => objectIssues('hostname', value, HOSTNAME_CHECKS),
  redirect: (value) => objectIssues('redirect', value, REDIRECT_CHECKS),
}

function wrong(member: string, message: string | null): readonly Issue[] {
  return message === null ? [] : [issue([member], message)]
}

function objectIssues(member: string, value: unknown, checks: Checks): readonly Issue[] {
  if (!isRecord(value)) return [issue([member], 'This must be an object.')]
  return [
    ...strangersIssues(value, Object.keys(checks), [member]),
    ...membersIssues(value, checks, [member]),
  ]
}

const HOSTNAME_CHECKS: Checks = {
  url_hostname: { check: checkHostname, required: true },
  exclude_exact_hostname: { check: isTrueOrFalse, required: false },
}

const REDIRECT_CHECKS: Checks = {
  source_url: { check: checkSourceUrl, required: true },
  target_url: { check: checkTargetUrl, required: true },
  include_subdomains: { check: isTrueOrFalse, required: false },
  preserve_path_suffix: { check: isTrueOrFalse, required: false },
  preserve_query_string: { check: isTrueOrFalse, required: false },
  status_code: { check: oneOf([301, 302, 307, 308]), required: false },
  subpath_matching: { check: isTrueOrFalse, required: false },
}

type IpRange = { readonly family: 4 | 6; readonly words: readonly number[]; readonly bits: number }

function checkIp(value: unknown): string | null {
  const range = typeof value === 'string' ? ipRange(value) : undefined
  if (range === undefined) return 'This must be an IP address or a range such as 192.0.2.0/24.'
  const width = range.family === 4 ? 32 : 128
  const unused = width - range.bits
  const hostBits = range.words.toReversed().some((word, index) => {
    const free = Math.min(32, Math.max(0, unused - 32 * index))
    return word % 2 ** free !== 0
  })
  return hostBits ? 'The address has bits behind the prefix of the range.' : null
}

function ipRange(text: string): IpRange | undefined {
  const [, address = '', prefix] = /^([^/]{1,45})(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const ip = parseIp(address)
  if (ip === undefined) return undefined
  const width = ip.family === 4 ? 32 : 128
  const bits = prefix === undefined ? width : Number(prefix)
  if (bits > width) return undefined
  const words = ip.family === 4 ? [ip.d] : [ip.a, ip.b, ip.c, ip.d]
  return { family: ip.family, words, bits }
}

const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i

/** RFC 1123 names, and one star as the whole first label. */
function checkHostname(value: unknown): string | null {
  const text = 'This must be a hostname in ASCII such as api.example.com or *.example.com.'
  if (typeof value !== 'string' || value.length > 253) return text
  const labels = value.replace(/^\*\./, '').split('.')
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) ? null : text
}

function checkSourceUrl(value: unknown): string | null {
  const text = 'This must be a hostname with an optional path, such as example.com/old.'
  if (typeof value !== 'string' || value.length > limits.urlCharactersMax) return text
  const [, host = ''] = /^(?:https?:\/\/)?([^/?#\s]+)(?:\/[^?#\s]*)?$/.exec(value) ?? []
  return checkHostname(host) === null ? null : text
}

function checkTargetUrl(value: unknown): string | null {
  const fits =
    typeof value === 'string' &&
    value.length <= limits.urlCharactersMax &&
    /^https?:\/\//.test(value) &&
    URL.canParse(value)
  return fits ? null : 'This must be a URL with http or https.'
}
