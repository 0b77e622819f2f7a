import { compileExpression } from '#engines/expressions'
import { expect, test } from 'vitest'

test.each([
  ['http.host eq "a"', []],
  ['ip.src.country eq "NL"', []],
  ['cf.threat_score gt 10 or cf.threat_score eq 5', ['cf.threat_score']],
  ['any(cf.bot_management.detection_ids[*] eq 1)', ['cf.bot_management.detection_ids']],
  [
    'cf.client.bot and lower(cf.verified_bot_category) eq "a"',
    ['cf.client.bot', 'cf.verified_bot_category'],
  ],
])('%s warns of %j', (source, fields) => {
  const compiled = compileExpression(source)
  const warnings = compiled.ok ? compiled.value.warnings : []
  expect(warnings.map(({ field }) => field)).toEqual(fields)
  for (const { field, message } of warnings)
    expect(message).toContain(`${field} is never known here`)
})
