/** Host names (RFC 1123 §2.1), their international form (RFC 5890), and the mail addresses that end in them. */
import { isIpv4, isIpv6 } from './address.ts'
import { isBidiLabel, isRightToLeft, isUnicodeLabel, unicodeOf } from './idna.ts'

const hostCharsMax = 253
const labelCharsMax = 63

/** `hostname`: ASCII, and A-labels that are some label's. */
export function isHostname(text: string): boolean {
  return isName(text.split('.'), text) && /^[\0-\x7f]*$/.test(text)
}

/** `idn-hostname`: labels in Unicode as well, parted by any of the four full stops (RFC 3490 §3.1). */
export function isIdnHostname(text: string): boolean {
  return isName(text.split(/[.\u3002\uff0e\uff61]/), text)
}

/** `email` (RFC 5321 §4.1.2). */
export function isEmail(text: string): boolean {
  return isMailbox(text, /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/, isHostname)
}

/** `idn-email` (RFC 6531 §3.3). */
export function isIdnEmail(text: string): boolean {
  return isMailbox(text, /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u0080-\u{10ffff}-]+$/u, isIdnHostname)
}

function isName(labels: readonly string[], text: string): boolean {
  if (text.length > hostCharsMax || !text.isWellFormed()) return false
  const unicode = labels.map(labelInUnicode)
  if (unicode.includes(null)) return false
  const isBidi = unicode.some((label) => label !== null && isRightToLeft(label))
  return !isBidi || unicode.every((label) => label !== null && isBidiLabel(label))
}

/** Null when the label is none. */
function labelInUnicode(label: string): string | null {
  if (/^[\0-\x7f]*$/.test(label)) {
    const isLdh = label.length <= labelCharsMax && /^[a-z\d](?:[a-z\d-]*[a-z\d])?$/i.test(label)
    const isAlabel = /^xn--/i.test(label)
    if (!isLdh || !isAlabel) return isLdh ? label : null
    const decoded = unicodeOf(label.toLowerCase())
    return decoded !== null && isUnicodeLabel(decoded) ? decoded : null
  }
  return isUnicodeLabel(label) ? label : null
}

function isMailbox(text: string, atoms: RegExp, isDomain: (text: string) => boolean): boolean {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
  return (
    at >= 0 &&
    local.length <= 64 &&
    isLocal(local, atoms) &&
    (isLiteral(domain) || isDomain(domain))
  )
}

function isLocal(local: string, atoms: RegExp): boolean {
  if (local.startsWith('"')) return /^"(?:[ !#-[\]-~]|\\[ -~])*"$/.test(local)
  return atoms.test(local) && !/^\.|\.\.|\.$/.test(local)
}

function isLiteral(domain: string): boolean {
  const literal = /^\[(ipv6:)?([^\]]*)\]$/i.exec(domain)
  if (literal === null) return false
  return literal[1] === undefined ? isIpv4(literal[2] ?? '') : isIpv6(literal[2] ?? '')
}
