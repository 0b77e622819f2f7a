/**
 * GeneralName (RFC 5280 §4.2.1.6) as name constraints see it. Each name, of a certificate or of a constraint,
 * becomes keys such that a constraint covers a name exactly when they share one; so checking a thousand names
 * against a thousand constraints is a thousand look-ups. A name that is not well formed is null.
 */
import type { DerElement } from './der.ts'
import { readHostName, withParents } from './host-names.ts'
import { readSubnet, subnetsAround } from './ip-subnets.ts'
import { certificateLimits } from './limits.ts'
import { attributeText, readName, type DistinguishedName, type NameAttribute } from './names.ts'

export type NameForm = 'email' | 'dns' | 'directory' | 'uri' | 'ip'

/** Context tags of the forms of GeneralName that we can compare; the others (other names, X.400, EDI, registered) we cannot. */
export const nameForms: Readonly<Record<number, NameForm>> = {
  0x81: 'email',
  0x82: 'dns',
  0xa4: 'directory',
  0x86: 'uri',
  0x87: 'ip',
}

/** The key of a constraint, or null. An empty text constrains every name of its form. */
export function constraintKey(form: NameForm, element: DerElement): string | null {
  switch (form) {
    case 'directory':
      return readName(element.content)?.comparable ?? null
    case 'ip':
      return readSubnet(element.content)
    case 'dns':
      // §4.2.1.10 knows no leading period and no wildcard here, however often they are written.
      return orEmpty(element, readHostName)
    case 'email':
      return orEmpty(element, (text) =>
        text.includes('@') ? (readMailbox(text)?.whole ?? null) : readDomain(text),
      )
    case 'uri':
      return orEmpty(element, readDomain)
  }
}

/** The keys of the constraints that cover this name, or null. `prefixLengths` are those of the IP constraints in question. */
export function nameKeys(
  form: NameForm,
  element: DerElement,
  prefixLengths: ReadonlySet<number>,
): readonly string[] | null {
  switch (form) {
    case 'directory':
      return directoryKeys(readName(element.content))
    case 'ip':
      return subnetsAround(element.content, prefixLengths)
    case 'dns':
      return dnsKeys(ascii(element.content))
    case 'email':
      return emailKeys(ascii(element.content))
    case 'uri':
      return uriKeys(ascii(element.content))
  }
}

/** A directory name is covered by each of its own beginnings. */
export function directoryKeys(name: DistinguishedName | null): readonly string[] | null {
  if (name === null) return null
  const parts = name.comparable.split('\n')
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('\n'))]
}

/** Keys of the e-mail address in a subject attribute; any string type is read. */
export function emailAttributeKeys(attribute: NameAttribute): readonly string[] | null {
  return emailKeys(attributeText(attribute))
}

/**
 * The key under which an excluded DNS name also meets a wildcard: `*.example.com` could be used as
 * `bar.example.com` where that is excluded (CVE-2025-61727).
 */
export function wildcardKey(hostName: string): string {
  return `*.${withParents(hostName)[1] ?? ''}`
}

function dnsKeys(text: string | null): readonly string[] | null {
  const isWildcard = text?.startsWith('*.') === true
  const name = text === null ? null : readHostName(isWildcard ? text.slice(2) : text)
  if (name === null) return null
  return isWildcard ? ['', `*.${name}`, ...withParents(name)] : ['', ...withParents(name)]
}

/** A mailbox is covered by itself, by its host, and by every domain above its host. */
function emailKeys(text: string | null): readonly string[] | null {
  const mailbox = text === null ? null : readMailbox(text)
  return mailbox === null ? null : ['', mailbox.whole, ...hostKeys(mailbox.host)]
}

/** RFC 5280 §4.2.1.10: a URI without an authority, or whose host is not a name, cannot be judged. */
function uriKeys(text: string | null): readonly string[] | null {
  const host = text === null ? undefined : uriAuthority.exec(text)?.[1]
  const name = host === undefined || addressForm.test(host) ? null : readHostName(host)
  return name === null ? null : ['', ...hostKeys(name)]
}

/**
 * RFC 3986 §3: scheme, `//`, user information, host, port. User information has its own characters only: to a browser
 * `https://a\@b/` names the host `a`.
 */
const uriAuthority =
  /^[a-z][a-z0-9+.-]*:\/\/(?:[\w.~!$&'()*+,;=:%-]*@)?([^/?#@:[\]]+)(?::\d*)?(?:[/?#]|$)/i
const addressForm = /^[\d.]+$/

function hostKeys(host: string): readonly string[] {
  const [, ...parents] = withParents(host)
  return [host, ...parents.map((parent) => `.${parent}`)]
}

/** RFC 5321 §2.4: the local part counts as written, the host without case. */
function readMailbox(text: string): { readonly host: string; readonly whole: string } | null {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  const host = readHostName(text.slice(at + 1))
  if (host === null || local === '' || local.includes('@')) return null
  return { host, whole: `${local}@${host}` }
}

/** A host, or with a leading period everything below it. */
function readDomain(text: string): string | null {
  if (!text.startsWith('.')) return readHostName(text)
  const name = readHostName(text.slice(1))
  return name === null ? null : `.${name}`
}

function orEmpty(element: DerElement, read: (text: string) => string | null): string | null {
  const text = ascii(element.content)
  return text === null || text === '' ? text : read(text)
}

/** IA5String without control characters, or null. */
function ascii(content: Uint8Array): string | null {
  const { comparedNameCharactersMax } = certificateLimits
  const readable =
    content.length <= comparedNameCharactersMax &&
    content.every((octet) => octet >= 0x20 && octet <= 0x7e)
  return readable ? String.fromCharCode(...content) : null
}
