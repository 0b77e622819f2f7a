/**
 * The rules to begin with (rules/templates): each is a sound rule file, only logs, and decides what its comment says.
 * Sequences have their cases in sequence-templates.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { VerifiedCertificate } from '#engines/client-certificate'
import {
  compileExpression,
  compileList,
  fieldIndex,
  type FieldSource,
  type ListMatcher,
  type Value,
} from '#engines/expressions'
import { createGraphqlMeasurer } from '#engines/graphql'
import {
  createFieldSource,
  graphqlFields,
  type RequestFacts,
  type SeenGraphql,
} from '#engines/request-fields'
import { readRuleFile, type RuleFile } from '#engines/rule-files'

const FOLDER = join(import.meta.dirname, '../../../rules/templates')
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))

const NOW_MS = 1_800_000_000_000
const DAY_SECONDS = 86_400

type Client = {
  readonly host: string
  /** Null: none that was verified. */
  readonly certificate: Partial<VerifiedCertificate> | null
  /** Of `request.cf.tlsClientAuth`. */
  readonly told?: Readonly<Record<string, string>>
  /** What it asks for in GraphQL. */
  readonly query?: string
  /** Method and path. */
  readonly line?: string
  /** What detectors know beside that. */
  readonly known?: Readonly<Record<string, Value>>
}

const CERTIFICATE: VerifiedCertificate = {
  authorityId: 'a',
  spkiSha256: 'f'.repeat(64),
  issuerSpkiSha256: 'e'.repeat(64),
  commonName: 'somebody',
  organization: 'Somewhere',
  alternativeNames: { dns: [], email: [], uri: [] },
  notBefore: NOW_MS / 1000 - DAY_SECONDS,
  notAfter: NOW_MS / 1000 + DAY_SECONDS,
  chainRfc9440: '',
}

const ZERO = '0'.repeat(64)
const ZERO_SKI = '0'.repeat(40)
const dns = (...names: readonly string[]) => ({ dns: names, email: [], uri: [] })
const bornDaysAgo = (days: number) => ({ notBefore: NOW_MS / 1000 - days * DAY_SECONDS })

const ANYBODY = { host: 'api.example.com', certificate: null } as const
const nested = (depth: number) => `${'{ a '.repeat(depth)}{ a ${'}'.repeat(depth + 1)}`
const fields = (count: number) => Array.from({ length: count }, (_, n) => `f${n}`).join(' ')
const aliases = (count: number) => Array.from({ length: count }, (_, n) => `a${n}: a`).join(' ')

/** Template → clients it lets through, and clients it objects to. */
const CASES: { readonly [file: string]: readonly (Client & { readonly objects: boolean })[] } = {
  'require-client-certificate.yaml': [
    { host: 'api.example.com', certificate: {}, objects: false },
    { host: 'api.example.com', certificate: null, objects: true },
    { host: 'api.example.com:8443', certificate: null, objects: true },
    { host: 'PARTNERS.example.com', certificate: null, objects: true },
    { host: 'other.example.com', certificate: null, objects: false },
  ],
  'pin-certificate.yaml': [
    {
      host: 'api.example.com',
      certificate: {},
      told: { certFingerprintSHA256: ZERO },
      objects: false,
    },
    {
      host: 'api.example.com',
      certificate: {},
      told: { certFingerprintSHA256: 'f'.repeat(64) },
      objects: true,
    },
    {
      host: 'api.example.com',
      certificate: null,
      told: { certFingerprintSHA256: ZERO },
      objects: true,
    },
    { host: 'other.example.com', certificate: null, objects: false },
  ],
  'pin-public-key.yaml': [
    { host: 'api.example.com', certificate: { spkiSha256: ZERO }, objects: false },
    { host: 'api.example.com', certificate: {}, objects: true },
    { host: 'api.example.com', certificate: null, objects: true },
    { host: 'other.example.com', certificate: null, objects: false },
  ],
  'pin-issuer.yaml': [
    { host: 'api.example.com', certificate: {}, told: { certIssuerSKI: ZERO_SKI }, objects: false },
    { host: 'api.example.com', certificate: {}, told: { certIssuerSKI: 'A5' }, objects: true },
    {
      host: 'api.example.com',
      certificate: null,
      told: { certIssuerSKI: ZERO_SKI },
      objects: true,
    },
    { host: 'other.example.com', certificate: null, objects: false },
  ],
  'allow-names.yaml': [
    { host: 'sensors.example.com', certificate: { commonName: 'sensor-17' }, objects: false },
    { host: 'sensors.example.com', certificate: { commonName: 'sensor-17x' }, objects: true },
    { host: 'sensors.example.com', certificate: { commonName: null }, objects: true },
    { host: 'sensors.example.com', certificate: null, objects: true },
    { host: 'partners.example.com', certificate: { organization: 'Example Ltd' }, objects: false },
    { host: 'partners.example.com', certificate: { organization: 'example ltd' }, objects: true },
    { host: 'partners.example.com', certificate: null, objects: true },
    {
      host: 'devices.example.com',
      certificate: { alternativeNames: dns('x.example', 'a.devices.example.com') },
      objects: false,
    },
    {
      host: 'devices.example.com',
      certificate: { alternativeNames: dns('devices.example.com.evil.example') },
      objects: true,
    },
    { host: 'devices.example.com', certificate: {}, objects: true },
    { host: 'devices.example.com', certificate: { alternativeNames: null }, objects: true },
    { host: 'devices.example.com', certificate: null, objects: true },
    { host: 'other.example.com', certificate: null, objects: false },
  ],
  'limit-certificate-age.yaml': [
    { host: 'api.example.com', certificate: bornDaysAgo(89), objects: false },
    { host: 'api.example.com', certificate: bornDaysAgo(90), objects: false },
    { host: 'api.example.com', certificate: bornDaysAgo(90.001), objects: true },
    { host: 'api.example.com', certificate: null, objects: true },
    { host: 'other.example.com', certificate: bornDaysAgo(900), objects: false },
  ],
  'limit-graphql.yaml': [
    { ...ANYBODY, objects: false },
    { ...ANYBODY, query: '{ hero { name } }', objects: false },
    { ...ANYBODY, query: nested(7), objects: false },
    { ...ANYBODY, query: nested(8), objects: true },
    { ...ANYBODY, query: `{ ${fields(60)} }`, objects: false },
    { ...ANYBODY, query: `{ ${fields(61)} }`, objects: true },
    { ...ANYBODY, query: `{ ${aliases(30)} }`, objects: false },
    { ...ANYBODY, query: `{ ${aliases(31)} }`, objects: true },
    { ...ANYBODY, query: '{ __schema { types { name } } }', objects: true },
    { ...ANYBODY, query: `[${Array(10).fill('{"query":"{a}"}').join()}]`, objects: false },
    { ...ANYBODY, query: `[${Array(11).fill('{"query":"{a}"}').join()}]`, objects: true },
    // Without a measure no figure is there to be over a limit: that is for the setting `unparsed_action`.
    { ...ANYBODY, query: `${nested(8)} }`, objects: false },
  ],
  // Rate limits object to what they count: from when on they act is not for an expression.
  'limit-graphql-cost.yaml': [
    { ...ANYBODY, known: { 'cf.portcullis.graphql.cost': 1 }, objects: true },
    { ...ANYBODY, known: { 'cf.portcullis.graphql.cost': 0 }, objects: false },
    { ...ANYBODY, query: '{ a }', objects: false },
    { ...ANYBODY, objects: false },
  ],
  'limit-sessions.yaml': [
    { ...ANYBODY, objects: true },
    { host: 'other.example.com', certificate: null, objects: false },
  ],
  'limit-quietly.yaml': [
    { ...ANYBODY, objects: true },
    { host: 'other.example.com', certificate: null, objects: false },
  ],
  'limit-logins.yaml': [
    { ...ANYBODY, line: 'POST /login', objects: true },
    { ...ANYBODY, line: 'GET /login', objects: false },
    { ...ANYBODY, line: 'POST /logout', objects: false },
    { host: 'other.example.com', certificate: null, line: 'POST /login', objects: false },
  ],
  'stop-enumeration.yaml': [
    { ...ANYBODY, objects: false },
    { ...ANYBODY, known: asked({ var1: 50 }), objects: false },
    { ...ANYBODY, known: asked({ var1: 51 }), objects: true },
    { ...ANYBODY, known: asked({ var2: 51 }), objects: false },
  ],
}

function asked(distinct: Readonly<Record<string, number>>) {
  return { 'cf.portcullis.session.distinct': new Map(Object.entries(distinct)) }
}

test('refused logins count, and those that succeed do not', () => {
  const file = read('limit-logins.yaml')
  const counting = file.rules[0]?.ratelimit?.counting_expression ?? ''
  const compiled = compileExpression(counting, { phase: 'http_ratelimit_counting' })
  const isCounted = (line: string, status: number): boolean => {
    const known = { 'http.response.code': status }
    const source = sourceOf(file, { ...ANYBODY, line, known })
    return compiled.ok && compiled.value.evaluate(source)
  }
  expect([200, 401, 403, 404].filter((status) => isCounted('POST /login', status))).toEqual([
    401, 403,
  ])
  expect(isCounted('POST /logout', 401)).toBe(false)
})

test('the quiet limit refuses without a word about rates', () => {
  const { rules } = read('limit-quietly.yaml', blocking)
  const response = rules[0]?.action_parameters?.response
  expect(response).toMatchObject({ status_code: 403, content: '{"error":"forbidden"}' })
})

test('every template has its cases', () => {
  const withRules = FILES.filter((file) => read(file).rules.length > 0)
  expect(Object.keys(CASES).toSorted()).toEqual(withRules.toSorted())
})

test('they can be used together: no name is in two of them', () => {
  const files = FILES.map((file) => read(file))
  const refs = files.flatMap(({ rules }) => rules.map(({ ref }) => ref))
  const lists = files.flatMap((file) => file.lists.map(({ name }) => name))
  const sequences = files.flatMap((file) => file.sequences.map(({ ref }) => ref))
  expect(new Set(refs).size).toBe(refs.length)
  expect(new Set(sequences).size).toBe(sequences.length)
  expect(new Set(lists).size).toBe(lists.length)
})

describe.each(Object.entries(CASES))('%s', (file, cases) => {
  test('is a rule file of which nothing is warned, and only logs', () => {
    const { rules, phase } = read(file)
    for (const { action, expression } of rules) {
      expect(action).toBe('log')
      const compiled = compileExpression(expression, { phase })
      expect(compiled.ok && compiled.value.warnings).toEqual([])
    }
  })

  test('is one too when it blocks', () => {
    for (const { action } of read(file, blocking).rules) expect(action).toBe('block')
  })

  test.each(cases)('$host with $certificate and $told: $objects', ({ objects, ...client }) => {
    expect(isObjectedTo(read(file), client)).toBe(objects)
  })
})

function read(file: string, edit = (text: string): string => text): RuleFile {
  const text = readFileSync(join(FOLDER, file), 'utf8')
  const rules = readRuleFile(`rules/${file}`, edit(text))
  if (!rules.ok) throw new Error(JSON.stringify(rules.error))
  return rules.value
}

/** As an operator changes it once the events look right. */
function blocking(text: string): string {
  return text
    .replaceAll(/action: log\b.*/g, 'action: block')
    .replaceAll(/# (?=action_parameters:|  response:)/g, '')
}

/** Whether any rule of the file is true. */
function isObjectedTo(file: RuleFile, client: Client): boolean {
  const source = sourceOf(file, client)
  return file.rules.some(({ expression }) => {
    const compiled = compileExpression(expression, {})
    if (!compiled.ok) throw new Error(compiled.error.message)
    return compiled.value.evaluate(source)
  })
}

function sourceOf({ lists }: RuleFile, client: Client): FieldSource {
  const matchers = new Map(lists.map(({ name, items }) => [name, hostnames(items)]))
  const verified = fieldIndex('cf.tls_client_auth.cert_verified')
  const detected = new Map<number, Value>([
    [verified, client.certificate !== null],
    ...graphqlFields(seenOf(client)),
    ...Object.entries(client.known ?? {}).map(([field, value]): [number, Value] => [
      fieldIndex(field),
      value,
    ]),
  ])
  return createFieldSource(factsOf(client), { detected, lists: matchers })
}

const measurer = createGraphqlMeasurer()

function seenOf({ query }: Client): SeenGraphql {
  if (query === undefined) return { kind: 'not_graphql' }
  const measurement = measurer.measure({
    method: 'POST',
    contentType: query.startsWith('[') ? 'application/json' : 'application/graphql',
    query: '',
    body: new TextEncoder().encode(query),
  })
  const { reason } = measurement
  return reason === null
    ? { kind: 'measured', measurement, isRegistered: false }
    : { kind: 'unparsed', reason, isRegistered: false }
}

function hostnames(items: RuleFile['lists'][number]['items']): ListMatcher {
  const names = items.map((item) => ('hostname' in item ? item.hostname.url_hostname : ''))
  const compiled = compileList('hostname', names)
  if (!compiled.ok) throw new Error(compiled.error.message)
  return compiled.value
}

function factsOf({ host, certificate, told = {}, line = 'GET /' }: Client): RequestFacts {
  const [method = '', path = ''] = line.split(' ')
  return {
    method,
    scheme: 'https',
    host: host.toLowerCase(),
    rawPath: path,
    path,
    query: '',
    rayId: '',
    clientIp: '192.0.2.1',
    nowMs: NOW_MS,
    cf: { tlsClientAuth: told },
    verifiedCertificate: certificate === null ? null : { ...CERTIFICATE, ...certificate },
    operation: null,
    sessionIdentifiers: [],
    header: () => null,
    headers: () => [],
  }
}
