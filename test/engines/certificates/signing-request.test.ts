/** Requests of the tools people use are read; weak, unknown and damaged ones are refused by name. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { readSigningRequest } from '#engines/certificates'

import { listVectors, readVector } from './support.ts'

const vector = (file: string): string => readVector(`requests/${file}`)

describe('accepted', () => {
  const accepted = listVectors('requests/').filter((file) => !file.startsWith('refused-'))

  test.each(accepted)('%s', async (file) => {
    expect(await readSigningRequest(vector(file))).toMatchObject({ ok: true })
  })

  test('with text around the block and Windows line ends', async () => {
    const text = `Certificate Request:\n${vector('cfssl-rsa-2048.pem').replaceAll('\n', '\r\n')}`
    expect(await readSigningRequest(text)).toMatchObject({ ok: true })
  })

  test('alternative names are read when they are plain text, and other kinds left out', async () => {
    expect(await readSigningRequest(vector('openssl-ecdsa-p256-names.pem'))).toMatchObject({
      value: {
        alternativeNames: [
          { type: 'dns', value: 'a.example' },
          { type: 'email', value: 'a@example.com' },
          { type: 'url', value: 'urn:a' },
          { type: 'ip', value: '2001:db8:0:0:0:0:0:1' },
        ],
      },
    })
  })
})

describe('refused', () => {
  const refusals = [
    { file: 'refused-dsa.pem', reason: 'unsupported_algorithm', message: '2.16.840.1.101.3.4.3.2' },
    { file: 'refused-ed448.pem', reason: 'unsupported_algorithm', message: '1.3.101.113' },
    { file: 'refused-empty-subject.pem', reason: 'no_subject', message: 'empty subject' },
    { file: 'refused-flipped-signature.pem', reason: 'bad_signature', message: 'does not match' },
    { file: 'refused-flipped-subject.pem', reason: 'bad_signature', message: 'does not match' },
    { file: 'refused-garbage.pem', reason: 'malformed', message: 'structure' },
    { file: 'refused-md5.pem', reason: 'weak_signature', message: 'MD5WithRSA' },
    { file: 'refused-rsa-1024.pem', reason: 'weak_key', message: 'RSA key of 1024 bits' },
    { file: 'refused-rsa-2052.pem', reason: 'weak_key', message: 'RSA key of 2052 bits' },
    { file: 'refused-rsa-exponent-3.pem', reason: 'weak_key', message: 'RSA exponent 3' },
    { file: 'refused-secp256k1.pem', reason: 'unsupported_algorithm', message: '1.3.132.0.10' },
    { file: 'refused-sha1.pem', reason: 'weak_signature', message: 'SHA1WithRSA' },
    { file: 'refused-trailing-octet.pem', reason: 'malformed', message: 'structure' },
    { file: 'refused-truncated.pem', reason: 'malformed', message: 'structure' },
    { file: 'refused-two-blocks.pem', reason: 'several_blocks', message: 'Exactly one' },
  ]

  test('every refused vector is in the table', () => {
    const files = listVectors('requests/').filter((file) => file.startsWith('refused-'))
    expect(refusals.map(({ file }) => file)).toEqual(files)
  })

  test.each(refusals)('$file: $reason', async ({ file, reason, message }) => {
    const error = { reason, message: expect.stringContaining(message) }
    expect(await readSigningRequest(vector(file))).toMatchObject({ ok: false, error })
  })

  test.each([
    { name: 'nothing', text: '', reason: 'no_block' },
    { name: 'no PEM', text: 'hello', reason: 'no_block' },
    { name: 'an end alone', text: '-----END CERTIFICATE REQUEST-----', reason: 'malformed' },
    { name: 'no end', text: '-----BEGIN CERTIFICATE REQUEST-----\nAAAA', reason: 'malformed' },
    {
      name: 'a certificate',
      text: readVector('certificates/plain.pem'),
      reason: 'wrong_label',
    },
    { name: 'more than 64 KiB', text: ' '.repeat(65_537), reason: 'too_large' },
    { name: 'exactly 64 KiB of nothing', text: ' '.repeat(65_536), reason: 'no_block' },
  ])('$name: $reason', async ({ text, reason }) => {
    expect(await readSigningRequest(text)).toMatchObject({ ok: false, error: { reason } })
  })

  test('any flipped bit', async () => {
    const pem = vector('cfssl-ecdsa-256.pem')
    const lines = pem.trim().split('\n')
    const der = Buffer.from(lines.slice(1, -1).join(''), 'base64')
    await fc.assert(
      fc.asyncProperty(fc.nat(der.length * 8 - 1), async (bit) => {
        const damaged = new Uint8Array(der).map((octet, index) =>
          index === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet,
        )
        const body = Buffer.from(damaged).toString('base64')
        const read = await readSigningRequest(`${lines[0]}\n${body}\n${lines.at(-1)}\n`)
        expect(read.ok).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
