/**
 * Finds the organisation in a distinguished name as RFC 2253 writes it. Escapes are undone, because
 * `O=Temperature Testers\, Inc.` is one organisation; a value it cannot read is no organisation.
 */

/** The first O attribute of an RFC 2253 name; null without one. */
export function readOrganization(name: string): string | null {
  for (const attribute of splitAttributes(name)) {
    const match = /^\s*(?:O|OID\.2\.5\.4\.10|2\.5\.4\.10)\s*=\s*(.*?)$/is.exec(attribute)
    if (match !== null) return unescapeValue(match[1] ?? '')
  }
  return null
}

/** RFC 2253 §2.1, §2.2: a comma, or the semicolon of RFC 1779, between names; a plus between attributes of one. */
function splitAttributes(name: string): readonly string[] {
  const attributes: string[] = []
  let start = 0
  let isQuoted = false
  for (let index = 0; index < name.length; index += 1) {
    const character = name.charAt(index)
    if (character === '\\') index += 1
    else if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && (character === ',' || character === ';' || character === '+')) {
      attributes.push(name.slice(start, index))
      start = index + 1
    }
  }
  return [...attributes, name.slice(start)]
}

/** RFC 2253 §2.4: a backslash before a special character, or before the two hex digits of one byte of UTF-8. */
function unescapeValue(text: string): string | null {
  // '#' begins the hexadecimal BER of a value that has no string form.
  if (text.startsWith('#')) return null
  const bytes: number[] = []
  const encoder = new TextEncoder()
  const inner = /^"(.*)"\s*$/s.exec(text)?.[1] ?? text
  for (const [piece, hex, escaped] of inner.matchAll(/\\([0-9A-Fa-f]{2})|\\(.)|[^\\]+|\\/gs)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16))
    else bytes.push(...encoder.encode(escaped ?? piece))
  }
  const value = new TextDecoder().decode(new Uint8Array(bytes)).trim()
  return value === '' ? null : value
}
