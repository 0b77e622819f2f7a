/**
 * Bodies of requests: there when they must be, of a type that the operation declares, and as that type says.
 *
 * Promises that no header keeps a body from being looked into: a body of a type that is not declared is a violation. An
 * operation that says nothing about a body has none looked at.
 */
import { FORM, parseMediaType } from '../media-types.ts'
import type { BodyProfile } from '../profile.ts'
import type { Violation } from '../violations.ts'
import { bodyViolation } from './body-reader.ts'
import { type CheckContents, compileContents } from './contents.ts'
import type { RequestParts } from './request.ts'
import type { SchemaSet } from './schema-set.ts'

type Sent = Pick<RequestParts, 'body' | 'contentType'>

/** Compiles the body of an operation. */
export function compileBody(
  body: BodyProfile | null,
  schemas: SchemaSet,
): (request: Sent) => readonly Violation[] {
  if (body === null) return () => []
  const { required } = body
  const check = compileContents(body.content, schemas)
  return ({ body: sent, contentType }) => {
    if (sent.kind === 'too_large' || (sent.kind === 'bytes' && sent.bytes.length > 0)) {
      return check({ body: sent, contentType })
    }
    return required && !isEmptyForm(contentType, check) ? [bodyViolation('missing')] : []
  }
}

/** A form without members is no bytes at all, and may be all that the schema asks for. */
function isEmptyForm(contentType: string | null, check: CheckContents): boolean {
  if (parseMediaType(contentType ?? '')?.essence !== FORM) return false
  return check({ body: { kind: 'bytes', bytes: new Uint8Array() }, contentType }).length === 0
}
