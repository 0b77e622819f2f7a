import { compileExpression, usesResponse } from '#engines/expressions'
import { expect, test } from 'vitest'

test.each([
  ['ssl and ssl', [{ field: 'ssl' }]],
  ['ip.geoip.country eq "X" and ip.src.country eq "Y"', [{ field: 'ip.src.country' }]],
  [
    'cf.api_gateway.fallthrough_triggered or cf.api_gateway.request_violates_schema',
    [
      { field: 'cf.api_gateway.fallthrough_detected' },
      { field: 'cf.schema_validation.uploaded.violated' },
    ],
  ],
  [
    'http.request.headers["a"][0] eq "x" or any(http.request.headers["b"][*] eq "x")',
    [
      { field: 'http.request.headers', key: 'a' },
      { field: 'http.request.headers', key: 'b' },
    ],
  ],
  ['any(http.request.headers[*][*] eq "x")', [{ field: 'http.request.headers' }]],
  [
    'not starts_with(lower(http.host), http.cookie)',
    [{ field: 'http.host' }, { field: 'http.cookie' }],
  ],
])('%s', (source, uses) => {
  const compiled = compileExpression(source)
  expect(compiled.ok && compiled.value.uses).toEqual(uses)
  expect(compiled.ok && compiled.value.source).toBe(source)
})

test.each([
  ['ssl', false],
  ['ssl or http.response.code eq 401', true],
  ['any(raw.http.response.headers["a"][*] eq "x")', true],
  ['http.request.headers["http.response.code"][0] eq "x"', false],
])('%s asks the response: %s', (source, isAsked) => {
  const compiled = compileExpression(source)
  expect(compiled.ok && usesResponse(compiled.value.uses)).toBe(isAsked)
})
