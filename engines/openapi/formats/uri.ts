/**
 * URIs (RFC 3986), IRIs (RFC 3987) and URI templates (RFC 6570), checked by their grammar in one pass.
 */
import { isIpv6 } from './address.ts'

type Alphabet = {
  readonly user: RegExp
  readonly host: RegExp
  readonly path: RegExp
  readonly query: RegExp
  readonly fragment: RegExp
}

/** `uri`: with a scheme, ASCII only. */
export function isUri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(text) && isReference(text, ascii)
}

export function isUriReference(text: string): boolean {
  return isReference(text, ascii)
}

export function isIri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(text) && isReference(text, unicode)
}

export function isIriReference(text: string): boolean {
  return isReference(text, unicode)
}

/** RFC 6570 §2: literals and expressions in braces. */
export function isUriTemplate(text: string): boolean {
  return template.test(text)
}

const template = templatePattern()

function templatePattern(): RegExp {
  const name = String.raw`(?:\w|%[\da-f]{2})+`
  const variable = String.raw`${name}(?:\.${name})*(?::[1-9]\d{0,3}|\*)?`
  const expression = String.raw`\{[+#./;?&=,!@|]?${variable}(?:,${variable})*\}`
  const literal = '[^\\0-\\x20\\x7f"<>%\\\\^`{|}]|%[\\da-f]{2}'
  return new RegExp(`^(?:${literal}|${expression})*$`, 'i')
}

const sub = String.raw`A-Za-z\d.\-_~!$&'()*+,;=`
/** RFC 3987 §2.2 `ucschar`. */
const ucs = String.raw`\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}\u{40000}-\u{4fffd}\u{50000}-\u{5fffd}\u{60000}-\u{6fffd}\u{70000}-\u{7fffd}\u{80000}-\u{8fffd}\u{90000}-\u{9fffd}\u{a0000}-\u{afffd}\u{b0000}-\u{bfffd}\u{c0000}-\u{cfffd}\u{d0000}-\u{dfffd}\u{e1000}-\u{efffd}`
const privateUse = String.raw`\ue000-\uf8ff\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}`

const ascii = alphabet('', '')
const unicode = alphabet(ucs, privateUse)

function alphabet(more: string, inQuery: string): Alphabet {
  const of = (members: string) => new RegExp(`^(?:[${members}${more}]|%[\\dA-Fa-f]{2})*$`, 'u')
  return {
    user: of(`${sub}:`),
    host: of(sub),
    path: of(`${sub}:@/`),
    query: of(`${sub}:@/?${inQuery}`),
    fragment: of(`${sub}:@/?`),
  }
}

/** RFC 3986 appendix B, with `[^]` for a dot that takes line ends. */
const parts = /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/i

function isReference(text: string, { user, host, path, query, fragment }: Alphabet): boolean {
  const [, scheme, authority, way = '', question = '', part = ''] = parts.exec(text) ?? []
  const isRelative = scheme === undefined && authority === undefined
  // A colon there would make the rest a scheme (§4.2).
  if (isRelative && (way.split('/')[0] ?? '').includes(':')) return false
  if (authority !== undefined && !isAuthority(authority, { user, host })) return false
  return path.test(way) && query.test(question) && fragment.test(part)
}

function isAuthority(text: string, { user, host }: Pick<Alphabet, 'user' | 'host'>): boolean {
  const at = text.lastIndexOf('@')
  if (at >= 0 && !user.test(text.slice(0, at))) return false
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(text.slice(at + 1)) ?? []
  if (text.slice(at + 1) !== '' && name === '' && port === undefined) return false
  if (port !== undefined && !/^\d*$/.test(port)) return false
  if (!name.startsWith('[')) return host.test(name)
  if (!name.endsWith(']')) return false
  const literal = name.slice(1, -1)
  return isIpv6(literal) || /^v[\da-f]+\.[A-Za-z\d._~!$&'()*+,;=:-]+$/i.test(literal)
}
