/** Agreement with the revocation cases of x509-limbo and NIST PKITS that the repository has an excerpt of. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import {
  checkRevocation,
  readAuthorityBundle,
  readCertificate,
  readCrl,
  verifyClientCertificate,
  type CertificatePurpose,
} from '#engines/certificates'

import { certificatePem, fromBase64 } from './support.ts'

type Row = {
  readonly id: string
  readonly origin: string
  readonly eku: CertificatePurpose
  readonly time: number
  readonly ca: readonly string[]
  readonly leaf: string
  readonly chain: readonly string[]
  readonly crls: readonly string[]
  readonly valid: boolean
}

const path = join(import.meta.dirname, '../../vectors/revocation/suites.jsonl')
const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
const rows: readonly Row[] = lines.map((line) => JSON.parse(line))

describe.each(['x509-limbo', 'NIST PKITS'])('%s', (origin) => {
  test.each(rows.filter((row) => row.origin === origin))('$id', async (row) => {
    expect(await isValid(row)).toBe(row.valid)
  })
})

async function isValid(row: Row): Promise<boolean> {
  const authorities = row.ca.flatMap((base64) => {
    const bundle = readAuthorityBundle(row.id, certificatePem(base64), { allowSha1: false })
    return bundle.ok ? [bundle.value] : []
  })
  const chainDer = row.chain.map(fromBase64)
  const nowMs = row.time * 1000
  const verdict = await verifyClientCertificate({
    leafDer: fromBase64(row.leaf),
    chainDer,
    authorities,
    nowMs,
    purpose: row.eku,
  })
  if (!verdict.verified) return false
  const checked = await checkRevocation({
    path: verdict.path,
    crls: row.crls
      .map(fromBase64)
      .map(readCrl)
      .flatMap((crl) => (crl.ok ? [crl.value] : [])),
    others: chainDer.map(readCertificate).flatMap((read) => (read.ok ? [read.value] : [])),
    nowMs,
    allowSha1: false,
  })
  return checked.ok
}
