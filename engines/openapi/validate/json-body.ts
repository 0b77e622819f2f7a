/** JSON texts (RFC 8259): bounded, with one value a name. */
import { err, ok, type Result } from '#engines/result'
import { parseJson, type JsonTextError } from '../json-text.ts'
import { requestLimits } from '../limits.ts'
import type { Violation } from '../violations.ts'
import { bodyViolation, type BodyReader, decodeUtf8 } from './body-reader.ts'

export const readJson: BodyReader = (bytes) => {
  const text = decodeUtf8(bytes)
  if (text === null) return err([bodyViolation('not_utf8')])
  const value = readJsonText(text, '$')
  return value.ok ? ok([value.value]) : err([value.error])
}

/** `target` is where in the body the text stands. */
export function readJsonText(text: string, target: string): Result<unknown, Violation> {
  const { bodyDepthMax, bodyKeysMax } = requestLimits
  const json = parseJson(text, { depthMax: bodyDepthMax, keysMax: bodyKeysMax })
  return json.ok ? json : err(jsonViolation(json.error, target))
}

function jsonViolation(error: JsonTextError, target: string): Violation {
  const { targetCharsMax } = requestLimits
  if (error.reason === 'too_many_keys') {
    return bodyViolation('too_many_keys', String(error.keysMax), target)
  }
  if (error.reason === 'duplicate_key') {
    const name = JSON.stringify(error.key.slice(0, targetCharsMax))
    return bodyViolation('duplicate_key', name, target)
  }
  return bodyViolation(error.reason === 'too_deep' ? 'too_deep' : 'bad_json', '', target)
}
