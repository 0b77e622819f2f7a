/** `cert verify`: its input and its words, and agreement with x509-limbo and NIST PKITS through the command. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'

import { jsonLines, runCommand } from './command-line.ts'

type Row = { readonly [name: string]: unknown }

const vectors = join(import.meta.dirname, '../vectors/revocation')
const excerpt: readonly (Row & { readonly id: string; readonly valid: boolean })[] = readFileSync(
  join(vectors, 'suites.jsonl'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))

const verify = (...rows: readonly unknown[]) => runCommand(['cert', 'verify'], jsonLines(rows))

function caseOf(id: string): Row {
  return excerpt.find((row) => row.id === id) ?? {}
}

const good = caseOf('crl::certificate-not-on-crl')
const revoked = caseOf('crl::revoked-certificate-with-crl')

describe('verdicts', () => {
  test('valid, revoked, not asked about revocation', async () => {
    const { exitCode, rows, messages } = await verify(good, revoked, { ...revoked, crls: [] })
    expect(exitCode).toBe(1)
    expect(messages).toEqual([])
    expect(rows).toEqual([
      { valid: true, reason: null },
      {
        valid: false,
        reason: 'revoked',
        detail: expect.stringMatching(/^leaf, serial number \d+$/),
      },
      { valid: true, reason: null },
    ])
  })

  test('exit 0 when all are valid', async () => {
    expect(await verify(good, good)).toMatchObject({ exitCode: 0 })
  })

  test('PEM is as good as base64', async () => {
    const armoured = {
      ...revoked,
      ca: pemOf('CERTIFICATE', revoked['ca']),
      leaf: pemOf('CERTIFICATE', [revoked['leaf']])[0],
      crls: [[...pemOf('X509 CRL', revoked['crls']), ...pemOf('X509 CRL', good['crls'])].join('')],
    }
    expect(await verify(armoured)).toMatchObject({ rows: [{ valid: false, reason: 'revoked' }] })
  })

  test.each<[string, Row, object]>([
    [
      'the purpose is clientAuth when nothing is said',
      { eku: null },
      { reason: 'not_a_client_certificate' },
    ],
    ['the time', { time: 1e11 }, { reason: 'expired' }],
    ['no authority', { ca: [] }, { reason: 'unknown_issuer' }],
    [
      'an authority that is no certificate',
      { ca: ['AAAA'] },
      { reason: 'malformed', detail: expect.stringMatching(/^ca 1, certificate 1: /) },
    ],
    [
      'an authority that is no text of ours',
      { ca: ['?'] },
      { reason: 'malformed', detail: 'ca 1' },
    ],
    [
      'a leaf that is none',
      { leaf: '-----BEGIN NOTHING-----' },
      { reason: 'malformed', detail: 'leaf' },
    ],
    ['a chain that is none', { chain: ['?'] }, { reason: 'malformed', detail: 'chain' }],
    [
      'lists that cannot be used, and why',
      { crls: ['?', 'MAA='] },
      {
        reason: 'revocation_unknown',
        detail: expect.stringMatching(/crls 1: not_pem; crls 2: malformed \(detail structure\)$/),
      },
    ],
  ])('%s', async (_name, change, answer) => {
    expect(await verify({ ...good, ...change })).toMatchObject({
      exitCode: 1,
      rows: [{ valid: false, ...answer }],
    })
  })
})

describe('rows that are not understood', () => {
  test.each<[Row, string]>([
    [{ ca: 'text' }, 'ca must be a list of texts'],
    [{ leaf: undefined }, 'leaf must be text'],
    [{ chain: [1] }, 'chain must be a list of texts'],
    [{ crls: {} }, 'crls must be a list of texts'],
    [{ time: 'now' }, 'time must be a number of seconds since 1970'],
    [{ eku: 'codeSigning' }, 'eku must be one of clientAuth, serverAuth, any'],
    [{ allow_sha1: 1 }, 'allow_sha1 must be true or false'],
    [{ policies: [] }, 'policies must be an object'],
    [{ policies: { acceptable: '1.2' } }, 'policies.acceptable must be a list of texts'],
    [{ policies: { inhibit_any: 1 } }, 'policies must be true or false, but for acceptable'],
  ])('%j', async (change, message) => {
    const { exitCode, rows } = await verify({ ...good, ...change })
    expect(exitCode).toBe(2)
    expect(rows).toEqual([{ ok: false, error: { message: `line 1: ${message}` } }])
  })
})

test('the excerpt of both suites', async () => {
  expect(await differences(excerpt)).toEqual([])
})

/** Public halves of both suites, where their data is beside the repository. */
const folder = join(import.meta.dirname, '../../../shared/testdata/x509')
const isPresent = existsSync(folder)
if (!isPresent)
  process.stdout.write('cert verify: suites skipped, their data is not beside the repository\n')

/** What the suite wants otherwise, with the reason; test/engines/certificates/suites.test.ts lists the same but for the depth. */
const differsFor: ReadonlyMap<string, string> = new Map([
  ['pathlen::max-chain-depth-0-exhausted', 'the question has no depth of its own'],
  ['pathlen::max-chain-depth-1-exhausted', 'the question has no depth of its own'],
  [
    'rfc5280::aki::cross-signed-root-missing-aki',
    'pedantic; another case wants such an anchor accepted',
  ],
  ['webpki::ca-as-leaf', 'for public servers; rfc5280::ca-as-leaf wants the same accepted'],
  [
    'webpki::nc::permitted-dns-match-noncritical',
    'for public servers; the same under rfc5280:: is to be refused',
  ],
  ['webpki::eku::ee-anyeku', 'pedantic, for public servers'],
])

describe.skipIf(!isPresent)('agreement with the public halves', () => {
  test('x509-limbo', async () => {
    const suite: { readonly testcases: readonly LimboCase[] } = JSON.parse(unpack('limbo.json.gz'))
    const cases = suite.testcases.filter(({ _family }) => _family !== 'name-matching')
    const differing = await differences(
      cases.map((each) => ({
        id: each.id,
        valid: each.expected_result === 'SUCCESS',
        ca: each.trusted_certs,
        leaf: each.peer_certificate,
        chain: each.untrusted_intermediates,
        crls: each.crls,
        time: each.validation_time === null ? null : Date.parse(each.validation_time) / 1000,
        eku: each.validation_kind === 'CLIENT' ? 'clientAuth' : 'serverAuth',
      })),
    )
    expect(differing.filter(({ id }) => !differsFor.has(id))).toEqual([])
  })

  test('NIST PKITS, with revocation', async () => {
    const cases: readonly PkitsCase[] = unpack('pkits.jsonl.gz')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const differing = await differences(
      cases.map((each) => ({
        id: each.name,
        valid: each.expected === 'SUCCESS',
        ca: [each.trust_anchor],
        leaf: each.cert,
        chain: each.intermediates,
        crls: each.crls,
        policies: {
          acceptable: each.params?.params?.user_initial_policy_set,
          require_explicit: each.params?.params?.initial_explicit_policy,
          inhibit_mapping: each.params?.params?.initial_policy_mapping_inhibit,
        },
      })),
    )
    expect(differing).toEqual([])
  })
})

type LimboCase = {
  readonly id: string
  readonly _family: string
  readonly validation_kind: 'CLIENT' | 'SERVER'
  readonly validation_time: string | null
  readonly trusted_certs: readonly string[]
  readonly untrusted_intermediates: readonly string[]
  readonly peer_certificate: string
  readonly crls: readonly string[]
  readonly expected_result: string
}

type PkitsCase = {
  readonly name: string
  readonly trust_anchor: string
  readonly cert: string
  readonly intermediates: readonly string[]
  readonly crls: readonly string[]
  readonly params: {
    readonly params?: {
      readonly user_initial_policy_set?: readonly string[]
      readonly initial_explicit_policy?: boolean
      readonly initial_policy_mapping_inhibit?: boolean
    }
  } | null
  readonly expected: string
}

async function differences(
  cases: readonly (Row & { readonly id: string; readonly valid: boolean })[],
) {
  const { rows } = await verify(...cases)
  return cases.flatMap(({ id, valid }, index) => {
    const answer: object = rows[index] ?? {}
    return 'valid' in answer && answer.valid === valid ? [] : [{ id, wanted: valid, answer }]
  })
}

function unpack(file: string): string {
  return gunzipSync(readFileSync(join(folder, file))).toString()
}

function pemOf(label: string, base64: unknown): readonly string[] {
  const texts = Array.isArray(base64) ? base64 : []
  return texts.map((text) => `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`)
}
