/**
 * multipart/form-data: parts to the object that the schema speaks of. A part that is a file, or that its schema calls bytes,
 * is present and not looked into; of the media types of parts only those that the encoding allows are taken.
 */
import { err, ok, type Result } from '#engines/result'
import { requestLimits } from '../limits.ts'
import { parseMediaType } from '../media-types.ts'
import { type Part, readParts } from '../multipart.ts'
import type { Violation } from '../violations.ts'
import { bodyViolation, type BodyReader, type CompiledEncoding, decodeUtf8 } from './body-reader.ts'
import { targetOf } from './form-body.ts'
import { readMember } from './form-member.ts'

export const readMultipart: BodyReader = (bytes, { parameters }, content) => {
  const { formMembersMax, partHeaderBytesMax } = requestLimits
  const limits = { partsMax: formMembersMax, headerBytesMax: partHeaderBytesMax }
  const parts = readParts(bytes, parameters.get('boundary') ?? '', limits)
  if (!parts.ok) {
    return err([
      parts.error === 'too_many_parts'
        ? bodyViolation('too_many_keys', String(formMembersMax))
        : bodyViolation('bad_form'),
    ])
  }
  const violations: Violation[] = []
  const members: (readonly [string, unknown])[] = []
  for (const [name, given] of Map.groupBy(parts.value, (part) => part.name)) {
    const read = readNamed(name, given, {
      encoding: content.encoding.get(name),
      read: (texts) =>
        readMember({
          target: targetOf(name),
          texts,
          shape: content.shape.member(name),
          encoding: content.encoding.get(name),
        }),
      isList: content.shape.member(name).kinds.includes('array'),
    })
    if (read.ok) members.push([name, read.value])
    else violations.push(read.error)
  }
  return violations.length > 0 ? err(violations) : ok([Object.fromEntries(members)])
}

type Reading = {
  readonly encoding: CompiledEncoding | undefined
  readonly read: (texts: readonly string[]) => Result<unknown, Violation>
  readonly isList: boolean
}

function readNamed(
  name: string,
  parts: readonly Part[],
  { encoding, read, isList }: Reading,
): Result<unknown, Violation> {
  const target = targetOf(name)
  if (!parts.every((part) => isAllowed(part, encoding))) {
    return err(bodyViolation('media_type', '', target))
  }
  if (parts.some(isFile)) {
    if (!parts.every(isFile)) return err(bodyViolation('type', 'string', target))
    if (isList) return ok(parts.map(() => ''))
    return parts.length === 1 ? ok('') : err(bodyViolation('repeated', '', target))
  }
  const texts: string[] = []
  for (const { content } of parts) {
    const text = decodeUtf8(content)
    if (text === null) return err(bodyViolation('not_utf8', '', target))
    texts.push(text)
  }
  return read(texts)
}

/** RFC 7578 §4.2: a file has a name; bytes say that they are. */
function isFile({ fileName, contentType }: Part): boolean {
  return fileName !== null || /^application\/octet-stream\b/i.test(contentType ?? '')
}

/** RFC 7578 §4.4: a part without a type is text/plain. */
function isAllowed({ contentType }: Part, encoding: CompiledEncoding | undefined): boolean {
  if (encoding === undefined || encoding.isAllowed === null) return true
  const mediaType = parseMediaType(contentType ?? 'text/plain')
  return mediaType !== null && encoding.isAllowed(mediaType) !== null
}
