/**
 * The parts of a multipart/form-data body (RFC 7578), strictly: whatever two readers could take apart differently is
 * malformed, such as text before the first boundary, a part without exactly one name, or a name in more than one spelling.
 */
import { err, ok, type Result } from '#engines/result'
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

/** In their order. `contentType` is that of the whole body. */
export function readParts(
  bytes: Uint8Array,
  contentType: string,
  limits: MultipartLimits,
): Result<readonly Part[], MultipartError> {
  const boundary = boundaryOf(contentType)
  if (boundary === null) return err('malformed')
  // One character a byte, so that positions in the text are positions in the bytes. The first delimiter has no line break.
  const text = `\r\n${oneCharacterAByte.decode(bytes)}`
  const sections = text.split(`\r\n--${boundary}`, limits.partsMax + 3)
  const [before, ...rest] = sections
  const last = rest.findIndex((section) => section.startsWith('--'))
  if (before !== '') return err('malformed')
  if (last > limits.partsMax || (last === -1 && rest.length > limits.partsMax)) {
    return err('too_many_parts')
  }
  if (last === -1) return err('malformed')
  // RFC 2046 §5.1.1 lets text follow the last delimiter; readers differ in whether parts may be in it.
  if (last !== rest.length - 1 || rest[last]?.slice(2).trim() !== '') return err('malformed')
  const parts: Part[] = []
  let start = boundary.length + 2
  for (const section of rest.slice(0, last)) {
    const headerEnd = section.indexOf('\r\n\r\n')
    if (!section.startsWith('\r\n') || headerEnd === -1) return err('malformed')
    if (headerEnd > limits.headerBytesMax) return err('header_too_large')
    const header = readHeader(section.slice(2, headerEnd + 2))
    if (header === null) return err('malformed')
    const content = bytes.subarray(start + headerEnd + 4, start + section.length)
    parts.push({ ...header, content })
    start += section.length + boundary.length + 4
  }
  return ok(parts)
}

const oneCharacterAByte = new TextDecoder('latin1')

/** RFC 2046 §5.1.1: 1 to 70 characters, given once. */
function boundaryOf(contentType: string): string | null {
  const given = [...contentType.matchAll(BOUNDARY)].map(([, quoted, bare = '']) => quoted ?? bare)
  const [boundary] = given
  return boundary !== undefined && given.length === 1 && LEGAL_BOUNDARY.test(boundary)
    ? boundary
    : null
}

const LEGAL_BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/
const BOUNDARY = /;\s*boundary=(?:"([^"\\]*)"|([^\s;"]*))/gi

type Header = Omit<Part, 'content'>

function readHeader(text: string): Header | null {
  const values = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    if (line === '') continue
    const [, name, value] = /^([!#$%&'*+.^`|~\w-]+):([^\r\n]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) return null
    const lower = name.toLowerCase()
    // RFC 7578 §4.7 deprecates the last; who obeys it reads something else than who does not.
    if (values.has(lower) || lower === 'content-transfer-encoding') return null
    values.set(lower, value.trim())
  }
  const disposition = readDisposition(values.get('content-disposition') ?? '')
  const contentType = values.get('content-type') ?? null
  return disposition === null ? null : { ...disposition, contentType }
}

/** RFC 7578 §4.2. Escapes in names are not needed for any that we ask about, and readers differ about them. */
function readDisposition(value: string): Omit<Header, 'contentType'> | null {
  const [, rest] = /^form-data((?:\s*;\s*[\w-]+\*?=(?:"[^"\\]*"|[^\s;"]+))+)\s*$/i.exec(value) ?? []
  if (rest === undefined) return null
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, bare = ''] of rest.matchAll(PARAMETER)) {
    const lower = name.toLowerCase()
    if (parameters.has(lower) || lower === 'name*') return null
    parameters.set(lower, quoted ?? bare)
  }
  const name = parameters.get('name')
  if (name === undefined) return null
  return { name, isFile: parameters.has('filename') || parameters.has('filename*') }
}

const PARAMETER = /;\s*([\w-]+\*?)=(?:"([^"\\]*)"|([^\s;"]+))/g
