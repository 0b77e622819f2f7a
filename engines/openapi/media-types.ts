/**
 * Media types of requests and media ranges of documents (RFC 9110 §8.3.1 and §12.5.1).
 *
 * Promises lower-case types, a bound on what is parsed, and the most specific range first.
 */

export type MediaType = {
  /** `application/json`. */
  readonly essence: string
  /** By lower-case name. */
  readonly parameters: ReadonlyMap<string, string>
}

const mediaTypeCharsMax = 512
const token = String.raw`[!#$%&'*+.^_\`|~\w-]+`
const essencePattern = new RegExp(String.raw`^(${token}/${token})\s*(?:;|$)`)
const parameterPattern = new RegExp(
  String.raw`^\s*(${token})=(?:(${token})|"((?:[^"\\]|\\.)*)")\s*$`,
)

/** A Content-Type header, or null when it is none. */
export function parseMediaType(header: string): MediaType | null {
  const text = header.trim()
  const essence = essencePattern.exec(text)?.[1]?.toLowerCase()
  if (text.length > mediaTypeCharsMax || essence === undefined) return null
  const parameters = new Map<string, string>()
  for (const piece of text.split(';').slice(1)) {
    if (piece.trim() === '') continue
    const [, name, bare, quoted] = parameterPattern.exec(piece) ?? []
    if (name === undefined) return null
    const value = bare ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1')
    // Two readers may take either of a repeated one.
    if (parameters.has(name.toLowerCase())) return null
    parameters.set(name.toLowerCase(), value)
  }
  return { essence, parameters }
}

/** `application/json` and any type with the `+json` suffix (RFC 6839 §3.1). */
export function isJson(essence: string): boolean {
  return essence === 'application/json' || essence.endsWith('+json')
}

export const FORM = 'application/x-www-form-urlencoded'
export const MULTIPART = 'multipart/form-data'

/** Whether bodies of a type or a range are looked into: JSON, forms and text are, XML and bytes are not. */
export function isValidated(essence: string): boolean {
  const isRange = essence === '*/*' || essence === 'application/*'
  return isRange || isJson(essence) || isFormOrText(essence)
}

function isFormOrText(essence: string): boolean {
  return essence === FORM || essence === MULTIPART || isText(essence)
}

/** Text, but no XML: of that a schema says nothing that its text would show. */
export function isText(essence: string): boolean {
  return essence.startsWith('text/') && essence !== 'text/xml'
}

export type MediaRange = { readonly essence: string }

/** A media range of a document, parameters left out; null when it is none. */
export function parseMediaRange(range: string): MediaRange | null {
  const essence = parseMediaType(range)?.essence
  return essence === undefined ? null : { essence }
}

/** The declared range that a media type falls under: itself, then `type/*`, then any. */
export function findRange(essence: string, ranges: readonly string[]): string | null {
  const wanted = [essence, `${essence.split('/')[0]}/*`, '*/*']
  for (const each of wanted) {
    const found = ranges.find((range) => parseMediaRange(range)?.essence === each)
    if (found !== undefined) return found
  }
  return null
}
