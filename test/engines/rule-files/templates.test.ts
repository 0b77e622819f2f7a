/** The rules to begin with (rules/templates): each is a sound rule file, only logs, and decides what its comment says. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { VerifiedCertificate } from '#engines/client-certificate'
import { compileExpression, compileList, fieldIndex, type ListMatcher } from '#engines/expressions'
import { createFieldSource, type RequestFacts } from '#engines/request-fields'
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
}

test('every template has its cases', () => {
  expect(Object.keys(CASES).toSorted()).toEqual(FILES.toSorted())
})

test('they can be used together: no name is in two of them', () => {
  const files = FILES.map(read)
  const refs = files.flatMap(({ rules }) => rules.map(({ ref }) => ref))
  const lists = files.flatMap((file) => file.lists.map(({ name }) => name))
  expect(new Set(refs).size).toBe(refs.length)
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

  test.each(cases)('$host with $certificate and $told: $objects', ({ objects, ...client }) => {
    expect(isObjectedTo(read(file), client)).toBe(objects)
  })
})

function read(file: string): RuleFile {
  const text = readFileSync(join(FOLDER, file), 'utf8')
  const rules = readRuleFile(`rules/${file}`, text)
  if (!rules.ok) throw new Error(JSON.stringify(rules.error))
  return rules.value
}

/** Whether any rule of the file is true. */
function isObjectedTo({ rules, lists }: RuleFile, client: Client): boolean {
  const matchers = new Map(lists.map(({ name, items }) => [name, hostnames(items)]))
  const verified = fieldIndex('cf.tls_client_auth.cert_verified')
  const detected = new Map([[verified, client.certificate !== null]])
  const source = createFieldSource(factsOf(client), { detected, lists: matchers })
  return rules.some(({ expression }) => {
    const compiled = compileExpression(expression, {})
    if (!compiled.ok) throw new Error(compiled.error.message)
    return compiled.value.evaluate(source)
  })
}

function hostnames(items: RuleFile['lists'][number]['items']): ListMatcher {
  const names = items.map((item) => ('hostname' in item ? item.hostname.url_hostname : ''))
  const compiled = compileList('hostname', names)
  if (!compiled.ok) throw new Error(compiled.error.message)
  return compiled.value
}

function factsOf({ host, certificate, told = {} }: Client): RequestFacts {
  return {
    method: 'GET',
    scheme: 'https',
    host: host.toLowerCase(),
    rawPath: '/',
    path: '/',
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
