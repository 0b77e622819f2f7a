/**
 * multipart/form-data: parts to the object that the schema speaks of. That a part calls itself a file keeps nothing from being
 * looked into; only its bytes need not be UTF-8. Of the media types of parts those that the encoding allows are taken.
 */
import { type Part, readParts } from '#engines/multipart'
import { err, ok, type Result } from '#engines/result'
import { requestLimits } from '../limits.ts'
import { isJson, parseMediaType } from '../media-types.ts'
import type { Violation } from '../violations.ts'
import { bodyViolation, type BodyReader, type CompiledEncoding, decodeUtf8 } from './body-reader.ts'
import { targetOf } from './form-body.ts'
import { readMember } from './form-member.ts'

export const readMultipart: BodyReader = (bytes, { parameters }, content) => {
  const { formMembersMax, partHeaderBytesMax } = requestLimits
  const limits = { partsMax: formMembersMax, headerBytesMax: partHeaderBytesMax }
  const parts = readParts(bytes, parameters.get('boundary') ?? null, limits)
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
    const target = targetOf(name)
    const encoding = content.encoding.get(name)
    const texts = readTexts(given, encoding, target)
    const shape = content.shape.member(name)
    const member = texts.ok ? readMember({ target, texts: texts.value, shape, encoding }) : texts
    if (member.ok) members.push([name, member.value])
    else violations.push(member.error)
  }
  return violations.length > 0 ? err(violations) : ok([Object.fromEntries(members)])
}

function readTexts(
  parts: readonly Part[],
  encoding: CompiledEncoding | undefined,
  target: string,
): Result<readonly string[], Violation> {
  const texts: string[] = []
  for (const part of parts) {
    if (!isAllowed(part, encoding)) return err(bodyViolation('media_type', '', target))
    const text = decodeUtf8(part.content) ?? (isBytes(part) ? bytesAsText(part.content) : null)
    if (text === null) return err(bodyViolation('not_utf8', '', target))
    texts.push(text)
  }
  return ok(texts)
}

/** RFC 7578 §4.2: a file has a name; bytes say that they are. */
function isBytes({ isFile, contentType }: Part): boolean {
  return isFile || /^application\/octet-stream\b/i.test(contentType ?? '')
}

// One character a byte, so that lengths are in octets, as OpenAPI 3.1 has them for binary data.
const decoder = new TextDecoder('latin1')

function bytesAsText(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** RFC 7578 §4.4: a part without a type is text/plain; where JSON is wanted it is read as JSON all the same. */
function isAllowed({ contentType }: Part, encoding: CompiledEncoding | undefined): boolean {
  if (encoding === undefined || encoding.isAllowed === null) return true
  if (contentType === null && encoding.content_types?.every(isJson) === true) return true
  const mediaType = parseMediaType(contentType ?? 'text/plain')
  return mediaType !== null && encoding.isAllowed(mediaType) !== null
}
