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

/** A Content-Type header, or a media range of a document; null when it is none. */
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

/** `application/json`, its older name, and any type with the `+json` suffix (RFC 6839 §3.1). */
export function isJson(essence: string): boolean {
  return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')
}

export const FORM = 'application/x-www-form-urlencoded'
export const MULTIPART = 'multipart/form-data'

/** Whether bodies of a type or a range are looked into: JSON, forms and text are, XML and bytes are not. */
export function isValidated(essence: string): boolean {
  const isRange = essence === '*/*' || essence === 'application/*'
  return isRange || isJson(essence) || isForm(essence) || isText(essence)
}

export function isForm(essence: string): boolean {
  return essence === FORM || essence === MULTIPART
}

/** Text, but no XML: of that a schema says nothing that its text would show. */
export function isText(essence: string): boolean {
  return essence.startsWith('text/') && essence !== 'text/xml' && !isJson(essence)
}

/** Text that has a syntax of its own: values in it are not written as JSON. */
export function isStructuredText(essence: string): boolean {
  return /^text\/(?:x-)?(?:calendar|csv|tab-separated-values|vcard|yaml)$/.test(essence)
}

/** The declared range that a media type falls under, as it is written. */
export type FindRange = (mediaType: MediaType) => string | null

/** The most specific range wins: the type itself, `type/*+suffix`, `type/*`, any; of equals, the one whose parameters fit best. */
export function compileRanges(ranges: readonly string[]): FindRange {
  const parsed = ranges.flatMap((range) => {
    const mediaType = parseMediaType(range)
    return mediaType === null ? [] : [{ range, ...mediaType }]
  })
  const byEssence = Map.groupBy(parsed, ({ essence }) => essence)
  return ({ essence, parameters }) => {
    const [type = ''] = essence.split('/')
    // RFC 9110 knows no range of a suffix, but documents are written with `application/*+json`.
    const suffix = essence.slice(essence.lastIndexOf('+'))
    for (const wanted of [essence, `${type}/*${suffix}`, `${type}/*`, '*/*']) {
      const [first, ...others] = byEssence.get(wanted) ?? []
      if (first === undefined) continue
      const fit = (each: MediaType): number => fitOf(each, parameters)
      return others.reduce((best, each) => (fit(each) > fit(best) ? each : best), first).range
    }
    return null
  }
}

/** How many of the range's parameters are the type's; one that is not counts against it. */
function fitOf(range: MediaType, parameters: MediaType['parameters']): number {
  let fit = 0
  for (const [name, value] of range.parameters) {
    fit += parameters.get(name)?.toLowerCase() === value.toLowerCase() ? 1 : -1
  }
  return fit
}
