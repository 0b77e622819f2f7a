/** `jwt verify`: a verdict out for every token in, whoever wrote the keys. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NOW, sign, signerOf } from '../engines/tokens/support.ts'
import { jsonLines, runCommand } from './command-line.ts'

const verify = (...rows: readonly unknown[]) => runCommand(['jwt', 'verify'], jsonLines(rows))

const signer = await signerOf('ES256')
const token = await sign(signer, { iss: 'a', exp: NOW + 10 })
const credentials = { keys: [signer.jwk] }

test('verdicts in the order of the rows, and exit 1 for a token that is not valid', async () => {
  const rows = [
    { token, config: { credentials }, now: NOW },
    { token: `${token}A`, config: { credentials }, now: NOW },
    { token, config: { credentials }, now: NOW + 70 },
    { token, config: { credentials, requirements: { issuers: ['b'] } }, now: NOW },
    { token: `${token}=`, config: { credentials }, now: NOW },
  ]
  expect(await verify(...rows)).toMatchObject({
    exitCode: 1,
    rows: [
      { valid: true, signature: 'valid', reason: null },
      { valid: false, signature: 'invalid', reason: 'signature_invalid' },
      { valid: false, signature: 'valid', reason: 'expired' },
      { valid: false, signature: 'valid', reason: 'issuer' },
      { valid: false, signature: 'unchecked', reason: 'malformed', detail: 'signature' },
    ],
    messages: [],
  })
})

test('only valid tokens: exit 0, and without now, or null, it is now', async () => {
  const lasting = await sign(signer, { exp: Date.now() / 1000 + 600 })
  const config = { credentials }
  const nulls = { token: lasting, config: { credentials, requirements: null }, now: null }
  const run = await verify({ token: lasting, config }, nulls)
  expect(run).toMatchObject({ exitCode: 0, rows: [{ valid: true }, { valid: true }] })
})

test.each([
  ['a list', credentials],
  ['a JWKS in the list', { keys: [credentials] }],
  ['one key', signer.jwk],
  ['a list without a name for it', [signer.jwk]],
])('keys as %s', async (_name, given) => {
  const run = await verify({ token, config: { credentials: given }, now: NOW })
  expect(run.rows).toEqual([{ valid: true, signature: 'valid', reason: null }])
})

test('keys that cannot be used say why', async () => {
  const keys = [{ ...signer.jwk, use: 'enc' }]
  const run = await verify({ token, config: { credentials: { keys } }, now: NOW })
  expect(run.rows).toEqual([
    {
      valid: false,
      signature: 'unchecked',
      reason: 'keys_unavailable',
      detail: 'none of the keys can be used; key 0 is left out: its use is not sig',
    },
  ])
})

test('payloads that are no claims: the signature is told all the same', async () => {
  const path = join(import.meta.dirname, '../vectors/jose/wycheproof.jsonl')
  type Vector = { id: string; keys: readonly unknown[]; token: string; result: string }
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const vectors = lines.map((line) => JSON.parse(line) as Vector)
  const { rows } = await verify(
    ...vectors.map(({ keys, token: text }) => ({ token: text, config: { credentials: { keys } } })),
  )
  const differing = vectors.filter(
    ({ result }, index) =>
      (result === 'valid') !== (rows[index] as { signature: string }).signature.startsWith('valid'),
  )
  // The one that test/engines/tokens/vectors.test.ts explains.
  expect(differing.map(({ id }) => id)).toEqual(['json_web_signature/373'])
})

describe('a row that is not understood', () => {
  test.each([
    ['no token', { config: { credentials } }, 'token must be text'],
    ['no config', { token }, 'config must be an object'],
    ['no keys', { token, config: {} }, 'config.credentials must be {"keys": […]}'],
    ['keys that are none', { token, config: { credentials: { keys: 7 } } }, 'config.credentials'],
    ['now as text', { token, config: { credentials }, now: '0' }, 'now must be a number'],
    [
      'requirements that are wrong',
      { token, config: { credentials, requirements: { issuers: 'a' } } },
      'config.requirements: /issuers must be a list',
    ],
  ])('%s', async (_name, row, message) => {
    const run = await verify(row, { token, config: { credentials }, now: NOW })
    expect(run.exitCode).toBe(2)
    expect(run.messages).toEqual([expect.stringContaining(`line 1: ${message}`)])
    expect(run.rows).toMatchObject([{ ok: false }, { valid: true }])
  })
})
