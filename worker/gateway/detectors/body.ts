/** The body as rules see it, read up to the inspection bound. */
import { BODY_FIELDS, bodyFields } from '#engines/request-fields'
import type { Detector } from './detector.ts'

export const body: Detector = {
  name: 'body',
  fills: BODY_FIELDS,
  async run({ body: buffer, header }) {
    const head = await buffer.head()
    const isTruncated = (await buffer.inspect()).kind === 'too_large'
    const declaredBytes = Number(header('content-length') ?? 0)
    return {
      fields: bodyFields({ head, isTruncated, declaredBytes, contentType: header('content-type') }),
      findings: isTruncated ? [{ detector: 'body', reason: 'too_large' }] : [],
    }
  },
}
