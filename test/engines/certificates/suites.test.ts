/**
 * Agreement with x509-limbo and NIST PKITS where their data is at hand. What differs is listed by name with its
 * reason, never left out. Not applicable: name matching of servers, and suites' own depth settings.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'

import {
  decodePem,
  readAuthorityBundle,
  verifyClientCertificate,
  type VerifyInput,
} from '#engines/certificates'

import type { PolicyInputs } from '../../../engines/certificates/policy-check.ts'

import { certificatePem, fromBase64, nowMs } from './support.ts'

type Case = Omit<VerifyInput, 'authorities'> & {
  readonly id: string
  readonly anchors: readonly string[]
  readonly valid: boolean
}

const folder = join(import.meta.dirname, '../../../../shared/testdata/x509')
const present = existsSync(folder)
if (!present)
  process.stdout.write('certificate suites skipped: their data is not beside the repository\n')

/** Verdicts that differ from the suite's, with the reason; docs/divergences.md says the same to operators. */
const divergences: Readonly<Record<string, string>> = {
  'rfc5280::aki::cross-signed-root-missing-aki':
    'pedantic; an anchor is a name and a key (§6.1.1 (d)), and cve::cve-2024-0567 wants the same accepted',
  'webpki::ca-as-leaf': 'for public servers; rfc5280::ca-as-leaf is the same chain, accepted',
  'webpki::nc::permitted-dns-match-noncritical':
    'for public servers; rfc5280::nc::permitted-dns-match-noncritical is the same chain, refused',
  'webpki::eku::ee-anyeku': 'pedantic, for public servers: any purpose beside the one asked for',
  'webpki::eku::ee-critical-eku': 'pedantic, for public servers: RFC 5280 §4.2.1.12 allows it',
  'webpki::eku::ee-without-eku':
    'for public servers; rfc5280::eku::ee-without-eku is the same, accepted',
  'webpki::eku::root-has-eku': 'pedantic, for public servers: an authority may restrict itself',
  valid_dsa_signatures_test4: 'DSA',
  valid_dsa_parameter_inheritance_test5: 'DSA',
}

/** Judged by whoever reads revocation lists (crl/), or by a setting that we do not have (a depth below our own limit). */
const elsewhere = (id: string): boolean =>
  id.startsWith('crl::') || id.startsWith('pathlen::max-chain-depth-')

describe.skipIf(!present)('agreement', () => {
  test('x509-limbo: every verdict on paths and purposes, but for the listed', async () => {
    const outcome = await run(limboCases())
    expect(outcome.differing.toSorted()).toEqual(outcome.listed.toSorted())
    expect(outcome.agreed).toBeGreaterThanOrEqual(64)
  })

  test('PKITS: every verdict that does not need a revocation list, with every policy input', async () => {
    const outcome = await run(pkitsCases())
    expect(outcome.differing.toSorted()).toEqual(outcome.listed.toSorted())
    expect(outcome.agreed).toBeGreaterThanOrEqual(95)
  })
})

async function run(cases: readonly Case[]) {
  const listed = cases.map(({ id }) => id).filter((id) => id in divergences)
  const outcome = { agreed: 0, differing: [] as string[], listed }
  for (const { id, anchors, valid, ...input } of cases) {
    const authorities = anchors.flatMap((pem) => {
      const authority = readAuthorityBundle(id, pem, { allowSha1: false })
      return authority.ok ? [authority.value] : []
    })
    const { verified } = await verifyClientCertificate({ ...input, authorities })
    if (verified === valid) outcome.agreed += 1
    else outcome.differing.push(id)
  }
  return outcome
}

type LimboCase = {
  readonly id: string
  readonly _family: string
  readonly validation_kind: 'CLIENT' | 'SERVER'
  readonly validation_time: string | null
  readonly trusted_certs: readonly string[]
  readonly untrusted_intermediates: readonly string[]
  readonly peer_certificate: string
  readonly expected_result: string
}

function limboCases(): readonly Case[] {
  const suite: { readonly testcases: readonly LimboCase[] } = JSON.parse(unpack('limbo.json.gz'))
  return suite.testcases
    .filter(({ _family, id }) => _family !== 'name-matching' && !elsewhere(id))
    .map((each) => ({
      id: each.id,
      anchors: each.trusted_certs,
      valid: each.expected_result === 'SUCCESS',
      leafDer: der(each.peer_certificate),
      chainDer: each.untrusted_intermediates.map(der),
      nowMs: each.validation_time === null ? nowMs : Date.parse(each.validation_time),
      purpose: each.validation_kind === 'CLIENT' ? 'clientAuth' : 'serverAuth',
    }))
}

type PkitsPolicyInputs = {
  readonly user_initial_policy_set?: readonly string[]
  readonly initial_explicit_policy?: boolean
  readonly initial_policy_mapping_inhibit?: boolean
  readonly initial_any_policy_inhibit?: boolean
}

type PkitsCase = {
  readonly name: string
  readonly trust_anchor: string
  readonly cert: string
  readonly intermediates: readonly string[]
  readonly needs_revocation: boolean
  readonly params: { readonly params?: PkitsPolicyInputs }
  readonly expected: string
}

function pkitsCases(): readonly Case[] {
  const lines = unpack('pkits.jsonl.gz').trim().split('\n')
  const rows: readonly PkitsCase[] = lines.map((line) => JSON.parse(line))
  return rows
    .filter((row) => !row.needs_revocation)
    .map((row) => ({
      id: row.name,
      anchors: [certificatePem(row.trust_anchor)],
      valid: row.expected === 'SUCCESS',
      leafDer: fromBase64(row.cert),
      chainDer: row.intermediates.map(fromBase64),
      nowMs,
      policies: policyInputs(row.params.params ?? {}),
    }))
}

function policyInputs(params: PkitsPolicyInputs): PolicyInputs {
  const acceptable = params.user_initial_policy_set
  return {
    ...(acceptable === undefined ? {} : { acceptable }),
    requireExplicit: params.initial_explicit_policy ?? false,
    inhibitMapping: params.initial_policy_mapping_inhibit ?? false,
    inhibitAny: params.initial_any_policy_inhibit ?? false,
  }
}

function unpack(file: string): string {
  return gunzipSync(readFileSync(join(folder, file))).toString()
}

function der(pem: string): Uint8Array<ArrayBuffer> {
  const blocks = decodePem(pem, ['CERTIFICATE'])
  return (blocks.ok ? blocks.value[0] : undefined) ?? new Uint8Array()
}
