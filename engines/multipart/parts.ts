/**
 * The parts of a multipart/form-data body (RFC 7578) in one pass over the bytes. Whatever two readers could take apart
 * differently is malformed: text before the first delimiter or behind the last, a part without exactly one name, a name in
 * more than one spelling, a header line twice.
 */
import { err, ok, type Result } from '#engines/result'
import { isLegalBoundary } from './boundary.ts'
import type { MultipartLimits } from './limits.ts'

export type Part = {
  readonly name: string
  /** The part is a file, whatever its name. */
  readonly isFile: boolean
  /** The part's Content-Type; null when it has none. */
  readonly contentType: string | null
  /** A view of the body. */
  readonly content: Uint8Array
}

export type MultipartError = 'malformed' | 'too_many_parts' | 'header_too_large'

const CR = 0x0d
const LF = 0x0a
const DASH = 0x2d
const SPACE = 0x20
const TAB = 0x09

/** In their order. `boundary` is that of the whole body's Content-Type. */
export function readParts(
  bytes: Uint8Array,
  boundary: string | null,
  limits: MultipartLimits,
): Result<readonly Part[], MultipartError> {
  if (boundary === null || !isLegalBoundary(boundary)) return err('malformed')
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
  const parts: Part[] = []
  // The first delimiter may stand at the very beginning, without its line break.
  if (!startsWith(bytes, delimiter.subarray(2), 0)) return err('malformed')
  let at = delimiter.length - 2
  for (;;) {
    if (bytes[at] === DASH && bytes[at + 1] === DASH) {
      return isBlank(bytes.subarray(at + 2)) ? ok(parts) : err('malformed')
    }
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return err('malformed')
    if (parts.length === limits.partsMax) return err('too_many_parts')
    const headerStart = at + 2
    const headerEnd = endOfHeader(bytes, headerStart, limits.headerBytesMax)
    if (headerEnd === null) {
      const isAllSeen = bytes.length <= headerStart + limits.headerBytesMax
      return err(isAllSeen ? 'malformed' : 'header_too_large')
    }
    const contentStart = headerEnd + 4
    const end = indexOf(bytes, delimiter, contentStart - 2)
    if (end === -1) return err('malformed')
    const header = readHeader(bytes.subarray(headerStart, headerEnd))
    if (header === null) return err('malformed')
    // A delimiter right behind the header shares its last line break: the content is empty.
    parts.push({ ...header, content: bytes.subarray(contentStart, Math.max(contentStart, end)) })
    at = end + delimiter.length
  }
}

/** RFC 2046 §5.1.1 lets text follow the last delimiter; readers differ in whether parts may be in it. */
function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === CR || byte === LF || byte === SPACE || byte === TAB)
}

/** Where the empty line behind the header begins. */
function endOfHeader(bytes: Uint8Array, start: number, bytesMax: number): number | null {
  const last = Math.min(bytes.length - 4, start + bytesMax)
  for (let at = start; at <= last; at++) {
    if (bytes[at] !== CR || bytes[at + 1] !== LF) continue
    if (bytes[at + 2] === CR && bytes[at + 3] === LF) return at
  }
  return null
}

type Header = Omit<Part, 'content'>

const HEADER_LINE = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/

function readHeader(bytes: Uint8Array): Header | null {
  const fields = new Map<string, string>()
  const text = decodeHeader(bytes)
  for (const line of text?.split('\r\n') ?? ['']) {
    const [, name, value] = HEADER_LINE.exec(line) ?? []
    if (name === undefined || value === undefined) return null
    const lower = name.toLowerCase()
    // RFC 7578 §4.7 deprecates the last; who obeys it reads something else than who does not.
    if (fields.has(lower) || lower === 'content-transfer-encoding') return null
    fields.set(lower, value)
  }
  const disposition = readDisposition(fields.get('content-disposition') ?? '')
  if (disposition === null) return null
  return { ...disposition, contentType: fields.get('content-type') ?? null }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeHeader(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    // Not UTF-8: a name in it would be read differently from reader to reader.
    return null
  }
}

/** RFC 7578 §4.2. Quotes and line breaks in names are `%22`, `%0D` and `%0A` (HTML Standard); about backslashes readers differ. */
function readDisposition(value: string): Pick<Header, 'name' | 'isFile'> | null {
  if (!/^form-data\s*;/i.test(value)) return null
  const parameters = new Map<string, string>()
  const rest = value.slice(value.indexOf(';'))
  let consumed = 0
  for (const [text, name = '', quoted, bare = ''] of rest.matchAll(PARAMETER)) {
    consumed += text.length
    const key = name.toLowerCase()
    if (parameters.has(key) || key === 'name*') return null
    parameters.set(key, quoted === undefined ? bare : unescaped(quoted))
  }
  const name = parameters.get('name')
  if (consumed !== rest.length || name === undefined) return null
  return { name, isFile: parameters.has('filename') || parameters.has('filename*') }
}

const PARAMETER = /\s*;\s*([\w!#$%&'*+.^`|~-]+)=(?:"([^"\\]*)"|([^\s;"]+))\s*/gy

function unescaped(quoted: string): string {
  return quoted.replaceAll(/%(22|0D|0A)/gi, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array, at: number): boolean {
  for (let index = 0; index < prefix.length; index++) {
    if (bytes[at + index] !== prefix[index]) return false
  }
  return true
}

function indexOf(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  const last = bytes.length - pattern.length
  for (let at = bytes.indexOf(CR, from); at !== -1 && at <= last; at = bytes.indexOf(CR, at + 1)) {
    if (startsWith(bytes, pattern, at)) return at
  }
  return -1
}
