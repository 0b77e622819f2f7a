/** The verdicts of others: Wycheproof, and the IETF's cookbook. Payloads are no claims there, so the signature is what counts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkKeys, compileRequirements, createTokenVerifier, importKeySet } from '#engines/tokens'

type Vector = {
  readonly id: string
  readonly keys: readonly unknown[]
  readonly token: string
  readonly result: string
}

const vectors = join(import.meta.dirname, '../../vectors/jose')

/**
 * Wycheproof calls this token valid, although a character outside the alphabet stands in its payload. RFC 7515 §5.2 says to
 * refuse it: what the signature is over is not what stands in the token.
 */
const REFUSED_ALTHOUGH_VALID = ['json_web_signature/373']

test('Wycheproof: every kind of case has the expected verdict', async () => {
  const rows = readLines(join(vectors, 'wycheproof.jsonl')) as readonly Vector[]
  expect(rows.length).toBeGreaterThan(50)
  expect(await differing(rows)).toEqual(REFUSED_ALTHOUGH_VALID)
})

const DATA = join(import.meta.dirname, '../../../../shared/testdata/jose/wycheproof-jws.jsonl')

test('Wycheproof: every case has the expected verdict', async (context) => {
  context.skip(!existsSync(DATA), 'shared/testdata/jose is absent')
  type Row = { id: string; public: object | null; private: object; jws: string; result: string }
  const rows = readLines(DATA) as readonly Row[]
  for (const half of ['public', 'private'] as const) {
    const vectorsOfHalf = rows.map((row) => {
      const given: object = row[half] ?? row.public ?? row.private
      const keys = 'keys' in given ? (given.keys as readonly unknown[]) : [given]
      return { id: row.id, token: row.jws, result: row.result, keys }
    })
    expect(await differing(vectorsOfHalf)).toEqual(REFUSED_ALTHOUGH_VALID)
  }
})

test('the cookbook: every compact serialization is verified; an unencoded payload is refused by name', async () => {
  type Row = Vector & { readonly title: string }
  const rows = readLines(join(vectors, 'cookbook.jsonl')) as readonly Row[]
  const found: unknown[] = []
  for (const row of rows) {
    const { signature, reason } = await verdictOn(row)
    found.push([row.title, signature, reason])
  }
  expect(found).toEqual([
    ['Ed25519 signing', 'valid', 'not_json'],
    ['RSA v1.5 Signature', 'valid', 'not_json'],
    ['RSA-PSS Signature', 'valid', 'not_json'],
    ['ECDSA Signature', 'valid', 'not_json'],
    ['HMAC-SHA2 Integrity Protection', 'valid', 'not_json'],
    // The payload is not in the token.
    ['Signature with Detached Content', 'invalid', 'signature_invalid'],
    ["'b64'=false compatible with compact serialization", 'unchecked', 'b64_false'],
  ])
})

async function differing(rows: readonly Vector[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (const row of rows) {
    const { signature } = await verdictOn(row)
    if ((signature === 'valid') !== (row.result === 'valid')) ids.push(row.id)
  }
  return ids
}

async function verdictOn({ keys, token }: Pick<Vector, 'keys' | 'token'>) {
  const checked = checkKeys(keys, 'given')
  const requirements = compileRequirements({})
  if (!requirements.ok) throw new Error('nothing is required')
  const keySet = await importKeySet(checked.issues.length === 0 ? checked.keys : [])
  const verifier = createTokenVerifier({ keySet, requirements: requirements.value })
  const verdict = await verifier.verify(token, 0)
  return verdict.valid ? { signature: 'valid', reason: null } : verdict
}

function readLines(path: string): readonly unknown[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line): unknown => JSON.parse(line))
}
