/** Text: the whole body is one value, read as the types that its schema names. */
import { err, ok } from '#engines/result'
import { readingsOf } from '../parameters/typed.ts'
import { bodyViolation, type BodyReader, decodeUtf8 } from './body-reader.ts'

export const readText: BodyReader = (bytes, _mediaType, { shape }) => {
  const text = decodeUtf8(bytes)
  return text === null ? err([bodyViolation('not_utf8')]) : ok(readingsOf(shape.kinds, text))
}
