import { describe, expect, test } from 'vitest'
import { documentLimits, readDocument, type DocumentLimits } from '#engines/openapi'
import { accepted } from './documents.ts'
import { hasTestdata, readRows, readVector } from './testdata.ts'

type Row = {
  readonly id: string
  readonly oas: string
  readonly expected: string
  readonly text: string
}

const minimal = 'openapi: 3.0.3\ninfo: {title: T, version: "1"}\n'

describe('what is accepted', () => {
  test('the temperature document, with its title and mitigation action', () => {
    expect(accepted(readVector('temperature.yaml'))).toMatchObject({
      version: '3.0',
      title: 'Temperatures',
      mitigation_action: 'block',
      warnings: [],
    })
  })

  test.each([
    ['JSON', '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}', '3.1'],
    [
      'JSON after a byte order mark',
      '\uFEFF{"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{}}',
      '3.0',
    ],
    ['YAML flow', '{openapi: 3.1.0, info: {title: T, version: "1"}, paths: {}}', '3.1'],
    ['YAML block', `${minimal}paths: {}`, '3.0'],
    ['aliases', `${minimal}paths: {}\nx-a: &a {b: 1}\nx-b: [*a, *a]`, '3.0'],
  ])('%s', (_name, text, version) => {
    expect(accepted(text).version).toBe(version)
  })

  test('YAML merge keys', () => {
    const shared = 'x-shared: &shared {description: ok}'
    const get = '{responses: {200: {<<: *shared}}}'
    expect(accepted(`${minimal}${shared}\npaths: {/a: {get: ${get}}}`).root).toMatchObject({
      paths: { '/a': { get: { responses: { 200: { description: 'ok' } } } } },
    })
  })

  test('names of Object.prototype are ordinary names', () => {
    const { root } = accepted(
      `${minimal}paths: {}\ncomponents: {schemas: {__proto__: {type: string}, constructor: {}}}`,
    )
    expect(JSON.stringify(root)).toContain('"__proto__":{"type":"string"}')
    expect(Object.getPrototypeOf(root)).toBe(Object.prototype)
  })

  test.each([
    ['unknown_member', 'paths: {}\nunknown: 1', '$.unknown'],
    [
      'unknown_member',
      'paths: {/a: {get: {produces: [], responses: {200: {description: ok}}}}}',
      "$.paths['/a'].get.produces",
    ],
    [
      'unknown_member',
      'paths: {/a: {get: {responses: {2xx: {description: ok}}}}}',
      "$.paths['/a'].get.responses['2xx']",
    ],
    [
      'path_variable_undeclared',
      'paths: {"/{a}/{a}": {parameters: [{name: a, in: path, required: true, schema: {}}], get: {responses: {200: {description: ok}}}}}',
      "$.paths['/{a}/{a}'].get",
    ],
    [
      'invalid_member',
      'paths: {}\ncomponents: {securitySchemes: {a: {type: basic}}}',
      '$.components.securitySchemes.a.type',
    ],
    [
      'invalid_member',
      'paths: {}\ncomponents: {schemas: {A: {type: enum}}}',
      '$.components.schemas.A.type',
    ],
    [
      'path_variable_undeclared',
      'paths: {"/{a}": {get: {responses: {200: {description: ok}}}}}',
      "$.paths['/{a}'].get",
    ],
    ['duplicate_path', 'paths: {"/{a}": {}, "/{b}": {}}', "$.paths['/{b}']"],
    [
      'unresolved_reference',
      "paths: {/a: {get: {parameters: [{$ref: '#/nowhere'}], responses: {200: {description: ok}}}}}",
      "$.paths['/a'].get.parameters[0]['$ref']",
    ],
    [
      'external_reference',
      "paths: {}\ncomponents: {securitySchemes: {a: {$ref: 'https://example.com/'}}}",
      "$.components.securitySchemes.a['$ref']",
    ],
    [
      'invalid_member',
      'paths: {}\ncomponents: {schemas: {A: {properties: {b: {required: true}}}}}',
      '$.components.schemas.A.properties.b.required',
    ],
  ])('%s is only a warning', (code, rest, location) => {
    expect(accepted(minimal + rest).warnings).toMatchObject([{ code, locations: [location] }])
  })
})

test('OpenAPI 3.2 is read as 3.1, unless something would go unchecked', () => {
  const start = 'openapi: 3.2.0\ninfo: {title: T, version: "1"}\npaths:\n  /a:\n    '
  expect(accepted(`${start}get: {}`)).toMatchObject({
    version: '3.1',
    warnings: [{ code: 'read_as_3_1', locations: ['$.openapi'] }],
  })
  expect(readDocument(`${start}query: {}`)).toMatchObject({
    error: { issues: [{ code: 'unknown_member', path: "$.paths['/a'].query" }] },
  })
})

describe('what is refused, with its place', () => {
  test.each([
    ['invalid_syntax', '{"openapi":', '$', 1],
    ['invalid_syntax', 'a: [1', '$', 1],
    ['not_an_object', '- 1', '$', 1],
    ['not_an_object', '', '$', null],
    ['duplicate_key', '{"a":1,\n"\\u0061":2}', '$', 2],
    ['duplicate_key', 'a: 1\na: 2', '$', 2],
    ['unsupported_version', 'swagger: "1.2"', '$.swagger', 1],
    ['missing_member', 'swagger: "2.0"\ninfo: {title: T, version: "1"}', '$', 1],
    ['unsupported_version', 'openapi: 3.3.0', '$.openapi', 1],
    ['unsupported_version', 'openapi: 4', '$.openapi', 1],
    ['missing_member', minimal, '$', 1],
    ['missing_member', 'openapi: 3.1.0\ninfo: {title: T, version: "1"}', '$', 1],
    [
      'invalid_type',
      'openapi: 3.0.0\ninfo:\n  title: T\n  version: 1.0\npaths: {}',
      '$.info.version',
      4,
    ],
    ['unknown_member', `${minimal}paths:\n  /:\n    GET: {}`, "$.paths['/'].GET", 5],
    ['invalid_name', `${minimal}paths:\n  no-slash: {}`, '$.paths.no-slash', 4],
    ['invalid_path', `${minimal}paths:\n  /{a: {}`, "$.paths['/{a']", 4],
    [
      'invalid_value',
      `${minimal}paths: {}\nx-portcullis-mitigation-action: drop`,
      '$.x-portcullis-mitigation-action',
      4,
    ],
    [
      'invalid_value',
      `${minimal}paths: {}\ncomponents: {parameters: {a: {name: a, in: body, schema: {}}}}`,
      '$.components.parameters.a.in',
      4,
    ],
    [
      'unresolved_reference',
      `${minimal}paths:\n  /a:\n    $ref: '#/paths/~1b'`,
      "$.paths['/a'].$ref",
      5,
    ],
    [
      'external_reference',
      `${minimal}paths: {}\ncomponents: {schemas: {A: {$ref: 'https://example.com/a.yaml'}}}`,
      '$.components.schemas.A.$ref',
      4,
    ],
    [
      'external_reference',
      `${minimal}paths: {}\ncomponents: {schemas: {A: {$ref: 'file:///etc/passwd'}}}`,
      '$.components.schemas.A.$ref',
      4,
    ],
    [
      'circular_reference',
      `${minimal}paths: {}\ncomponents: {parameters: {a: {$ref: '#/components/parameters/a'}}}`,
      '$.components.parameters.a.$ref',
      4,
    ],
    ['document_too_many_nodes', `${minimal}paths: {}\nx-a: &a [*a]`, '$', null],
  ])('%s in %j', (...[code, text, path, line]) => {
    const document = readDocument(text)
    const issue = document.ok ? null : document.error.issues[0]
    expect(issue).toMatchObject({ code, path: path.replace('.$ref', "['$ref']"), line })
  })

  test('a parameter declared twice', () => {
    const parameter = '{name: a, in: query, schema: {}}'
    const get = `{parameters: [${parameter}, ${parameter}], responses: {200: {description: ok}}}`
    expect(readDocument(`${minimal}paths: {/a: {get: ${get}}}`)).toMatchObject({
      error: { issues: [{ code: 'duplicate_parameter', path: "$.paths['/a'].get" }] },
    })
  })

  test('a $ref in an example or an extension is data', () => {
    const value = "{$ref: 'https://example.com/'}"
    accepted(
      `${minimal}paths: {}\nx-a: ${value}\ncomponents: {schemas: {A: {example: ${value}, default: ${value}}}}`,
    )
  })

  test('aliases that multiply', () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) => `x-${index + 1}: &a${index + 1} [*a${index}, *a${index}]`,
    )
    const bomb = `x-0: &a0 [1]\n${lines.join('\n')}\n${minimal}paths: {}`
    expect(readDocument(bomb)).toMatchObject({
      error: { issues: [{ code: 'document_too_many_nodes' }] },
    })
  })

  test('merge keys that multiply', () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) =>
        `x-${index + 1}: &a${index + 1} {<<: [*a${index}, *a${index}], k${index}: *a${index}}`,
    )
    const bomb = `x-0: &a0 {a: 1}\n${lines.join('\n')}\n${minimal}paths: {}`
    expect(readDocument(bomb).ok).toBe(false)
  })

  test.each(['[', '{"a":', '- ', '{a: '])('nesting without end: %j', (opening) => {
    expect(readDocument(opening.repeat(20_000)).ok).toBe(false)
  })
})

describe('bounds: below, at and above', () => {
  const text = documentWith('1')

  test.each([
    ['documentCharsMax', (n: number) => text.padEnd(n), 200, 'document_too_large'],
    [
      'depthMax',
      (n: number) => documentWith('['.repeat(n - 1) + ']'.repeat(n - 1)),
      10,
      'document_too_deep',
    ],
  ])('%s', (...[name, make, max, code]) => {
    const limits: DocumentLimits = { ...documentLimits, [name]: max }
    expect(readDocument(make(max - 1), limits).ok).toBe(true)
    expect(readDocument(make(max), limits).ok).toBe(true)
    expect(readDocument(make(max + 1), limits)).toMatchObject({ error: { issues: [{ code }] } })
  })

  test.each([
    [minimal.length + 8, false],
    [minimal.length + 9, true],
    [minimal.length + 10, true],
  ])('yamlCharsMax of %d', (yamlCharsMax, isAccepted) => {
    const limits: DocumentLimits = { ...documentLimits, yamlCharsMax }
    expect(readDocument(`${minimal}paths: {}`, limits).ok).toBe(isAccepted)
    expect(readDocument(text, limits).ok).toBe(true)
  })

  test('depthMax and nodesMax of YAML', () => {
    const yaml = `${minimal}paths: {}\nx-a: [[1]]`
    expect(readDocument(yaml, { ...documentLimits, depthMax: 3 }).ok).toBe(true)
    expect(readDocument(yaml, { ...documentLimits, depthMax: 2 }).ok).toBe(false)
    expect(readDocument(yaml, { ...documentLimits, nodesMax: 9 }).ok).toBe(true)
    expect(readDocument(yaml, { ...documentLimits, nodesMax: 7 }).ok).toBe(false)
  })

  test('errorsMax and operationsMax', () => {
    const bad = `${minimal}paths: {${Array.from({ length: 50 }, (_, index) => `p${index}: {}`).join(', ')}}`
    expect(readDocument(bad)).toMatchObject({
      error: { issues: { length: documentLimits.errorsMax } },
    })
    const two = `${minimal}paths: {/a: {get: {responses: {200: {description: a}}}, put: {responses: {200: {description: a}}}}}`
    expect(readDocument(two, { ...documentLimits, operationsMax: 2 }).ok).toBe(true)
    expect(readDocument(two, { ...documentLimits, operationsMax: 1 }).ok).toBe(false)
  })
})

/** Where we differ from the origin's verdict, and why. */
const differences = new Map([
  [
    'Mermade/openapi3-examples:3.0/fail/missingPathParam.yaml',
    'a misplaced path parameter is a warning',
  ],
  [
    'OAI/OpenAPI-Specification:tests/schema/fail/parameter-object-path-allowReserved.yaml',
    'only a warning',
  ],
  ['Mermade/openapi3-examples:3.0/pass/cyclical.yaml', 'external $ref'],
  ['Mermade/openapi3-examples:3.0/pass/resolution/twolevel/index.yaml', 'external $ref'],
  [
    'Mermade/openapi3-examples:3.0/pass/resolution/twolevel/subdir1/subdir2/ok.yaml',
    'not a document',
  ],
  ['Mermade/openapi3-examples:3.0/pass/server_enum_empty.yaml', 'no paths'],
])

function expectAgreement({ id, oas, expected, text }: Row): void {
  const { ok } = readDocument(text)
  if (oas === '3.2' || expected === 'malicious' || differences.has(id)) return
  expect(ok, id).toBe(expected === 'pass')
}

describe('documents of others', () => {
  const excerpt: readonly Row[] = JSON.parse(readVector('documents.json'))

  test.each(excerpt)('$expected: $id', expectAgreement)

  test.skipIf(!hasTestdata('openapi-documents'))(
    'all of them (skipped without the testdata beside the repository)',
    () => {
      const rows = readRows('openapi-documents/documents.jsonl') as readonly Row[]
      for (const row of rows) expectAgreement(row)
    },
  )
})

function documentWith(inner: string): string {
  return `{"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{},"x-a":${inner}}`
}
