/** How a body becomes values: one reader a media type. */
import type { Result } from '#engines/result'
import type { Check } from '../compile/run.ts'
import type { FindRange, MediaType } from '../media-types.ts'
import type { ValueShape } from '../parameters/value-shape.ts'
import type { EncodingProfile } from '../profile-content.ts'
import { type FindingKind, violation, type Violation } from '../violations.ts'

export type CompiledContent = {
  /** Every value conforms. */
  readonly isOpen: boolean
  readonly check: Check
  readonly shape: ValueShape
  /** By name of the member. */
  readonly encoding: ReadonlyMap<string, CompiledEncoding>
}

export type CompiledEncoding = EncodingProfile & {
  /** Of the media types that a part may have; null allows any. */
  readonly isAllowed: FindRange | null
}

/** Every reading that the schema's types allow, the preferred one first; at least one. */
export type BodyReader = (
  bytes: Uint8Array,
  mediaType: MediaType,
  content: CompiledContent,
) => Result<readonly unknown[], readonly Violation[]>

export function bodyViolation(kind: FindingKind, argument = '', target = '$'): Violation {
  return violation(kind, { location: 'body', target }, argument)
}

// Fatal, so that no byte sequence is silently replaced; a byte order mark is data (RFC 8259 §8.1).
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `null` when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    // The only way to fail is a byte sequence that is not UTF-8, which the caller reports.
    return null
  }
}
