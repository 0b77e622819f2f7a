/**
 * Subject alternative names of the kinds that are plain text: DNS, e-mail, URI and IP address.
 * Other kinds (other names, directory names) carry structures we would sign without understanding, so
 * they are left out; a name of a known kind that is not well formed makes the whole list null.
 */
import { readSequence, type DerElement } from './der.ts'
import { certificateLimits } from './limits.ts'

/** A name as text, with the word @peculiar/x509 uses for its kind. */
export type AlternativeName = {
  readonly type: 'email' | 'dns' | 'url' | 'ip'
  readonly value: string
}

/** Reads GeneralNames (RFC 5280 §4.2.1.6), dropping unsupported kinds; null when malformed or too many. */
export function readAlternativeNames(der: Uint8Array): readonly AlternativeName[] | null {
  const elements = readSequence(der)
  if (elements === null || elements.length > certificateLimits.alternativeNamesMax) return null
  const names: AlternativeName[] = []
  for (const element of elements) {
    const type = textKinds[element.tag]
    if (type === undefined) continue
    const value = type === 'ip' ? addressText(element.content) : asciiText(element)
    if (value === null) return null
    names.push({ type, value })
  }
  return names
}

/** Context tags of GeneralName. */
const textKinds: Readonly<Record<number, AlternativeName['type']>> = {
  0x81: 'email',
  0x82: 'dns',
  0x86: 'url',
  0x87: 'ip',
}

/** IA5String without control characters: a zero octet would end the name for some readers and not others. */
function asciiText({ content }: DerElement): string | null {
  if (content.length === 0 || content.length > certificateLimits.nameCharactersMax) return null
  const printable = content.every((octet) => octet > 0x20 && octet < 0x7f)
  return printable ? String.fromCharCode(...content) : null
}

function addressText(content: Uint8Array): string | null {
  if (content.length === 4) return content.join('.')
  if (content.length !== 16) return null
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) {
    groups.push((((content[at] ?? 0) << 8) | (content[at + 1] ?? 0)).toString(16))
  }
  return groups.join(':')
}
