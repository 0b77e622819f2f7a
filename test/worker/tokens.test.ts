/** The tokens engine inside workerd, whose cryptography is not Node's: the same verdicts, also for many tokens at once. */
import { expect, test } from 'vitest'
import { checkKeys, compileRequirements, createTokenVerifier, importKeySet } from '#engines/tokens'
import cookbook from '../vectors/jose/cookbook.jsonl?raw'
import wycheproof from '../vectors/jose/wycheproof.jsonl?raw'

type Vector = {
  readonly id: string
  readonly keys: readonly unknown[]
  readonly token: string
  readonly result: string
}

test('Wycheproof', async () => {
  const rows = vectorsIn(wycheproof)
  // All at once: their octets go through buffers that they share.
  const found = await Promise.all(rows.map(isSigned))
  const differing = rows.filter(({ result }, index) => found[index] !== (result === 'valid'))
  // test/engines/tokens/vectors.test.ts says why.
  expect(differing.map(({ id }) => id)).toEqual(['json_web_signature/373'])
})

test('the cookbook', async () => {
  const found = await Promise.all(vectorsIn(cookbook).map(isSigned))
  // The last two are a detached and an unencoded payload.
  expect(found).toEqual([true, true, true, true, true, false, false])
})

function vectorsIn(text: string): readonly Vector[] {
  const lines = text.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Vector)
}

async function isSigned({ keys, token }: Vector): Promise<boolean> {
  const checked = checkKeys(keys, 'given')
  const requirements = compileRequirements({})
  if (checked.issues.length > 0 || !requirements.ok) return false
  const keySet = await importKeySet(checked.keys)
  const verifier = createTokenVerifier({ keySet, requirements: requirements.value })
  const verdict = await verifier.verify(token, 0)
  return verdict.valid || verdict.signature === 'valid'
}
