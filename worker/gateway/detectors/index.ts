/** All detectors. The order does not matter: each runs when a rule asks for a field it fills. */
import type { FieldUse } from '#engines/expressions'
import { body } from './body.ts'
import { clientCertificate } from './client-certificate.ts'
import type { Detector } from './detector.ts'
import { schema } from './schema.ts'

const DETECTORS: readonly Detector[] = [clientCertificate, schema, body]

export function detectorsFor(uses: readonly FieldUse[]): readonly Detector[] {
  const fields = new Set(uses.map((use) => use.field))
  return DETECTORS.filter((detector) => detector.fills.some((field) => fields.has(field)))
}
