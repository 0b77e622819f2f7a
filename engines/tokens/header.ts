/** The header of a token (RFC 7515 §4): which algorithm, which key, and nothing that has to be understood and is not. */
import { err, ok, type Result } from '#engines/result'
import { type Algorithm, ALGORITHM } from './algorithms.ts'
import { decodeBase64Url } from './base64url.ts'
import { TOKEN_LIMITS } from './limits.ts'
import { parseJsonObject, readJsonText } from './strict-json.ts'
import type { Claims, Refusal } from './verdict.ts'

export type JoseHeader = { readonly algorithm: Algorithm; readonly kid: string | null }

/** `part` is the text before the first dot. `typ`, `cty`, `jku`, `jwk`, `x5c` and unknown members are not looked at. */
export function parseHeader(part: string): Result<JoseHeader, Refusal> {
  const octets = decodeBase64Url(part)
  if (octets === null) return refuse('malformed')
  const parsed = parseJsonObject(readJsonText(octets))
  return parsed.ok ? readMembers(parsed.value) : refuse(parsed.error)
}

function readMembers(members: Claims): Result<JoseHeader, Refusal> {
  const { alg, b64, crit, enc, kid } = members
  if (enc !== undefined) return refuse('encrypted')
  if (b64 === false) return refuse('b64_false')
  // RFC 7515 §4.1.11: whoever does not understand all that `crit` names must refuse, and nothing is understood here.
  if (crit !== undefined) return refuse('crit_not_understood')
  if (typeof alg !== 'string') return refuse('malformed')
  const algorithm = ALGORITHM.get(alg)
  if (algorithm === undefined) return refuse('unsupported_algorithm')
  if (kid === undefined) return ok({ algorithm, kid: null })
  if (typeof kid !== 'string' || kid.length > TOKEN_LIMITS.kidCharactersMax)
    return refuse('malformed')
  return ok({ algorithm, kid })
}

function refuse(reason: Refusal['reason']): Result<never, Refusal> {
  return err({ reason, detail: 'header' })
}
