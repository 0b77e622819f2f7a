/** `jwt verify`: the verdict on each token, with the keys and the requirements that come with it. */
import { err, ok, type Result } from '#engines/result'
import {
  checkKeys,
  compileRequirements,
  createTokenVerifier,
  importKeySet,
  type TokenReason,
  type TokenVerdict,
} from '#engines/tokens'
import type { Command } from '../command.ts'
import { type Answer, answerJsonLines, isObject, type JsonObject } from '../json-lines.ts'

export const jwtVerify: Command = {
  name: 'jwt verify',
  summary: 'Verifies JSON Web Tokens',
  operands: null,
  options: {},
  help: `Reads JSON lines {"token": "…", "config": {"credentials": {"keys": [JWK, …]}, "requirements": {…}}, "now": 1700000000}.
Requirements are those of a token configuration; now is in seconds since 1970 and, when absent, the present.
Keys are taken as they come: kid and alg may be missing, keys that are not for verifying are left out, of a private key the public
half counts, and the alg of an RSA key is the least of its family. A key that is weak or broken, two keys of one name, or secrets
beside public keys spoil the whole set.
Prints for each, in order, {"valid": true, "signature": "valid", "reason": null}, or for one that is not valid the reason as a
word, "detail" when there is more to say, and as "signature" what was found of it: "valid", "invalid" or "unchecked".
Exit 1 when a token is not valid, 2 when a line is not understood.`,
  run: (_call, io) => answerJsonLines(io, verify),
}

/** Null is as good as absent. */
async function verify(row: JsonObject): Promise<Answer> {
  const { token, config } = row
  const now = row['now'] ?? Date.now() / 1000
  if (typeof token !== 'string') return err('token must be text')
  if (!isObject(config)) return err('config must be an object')
  if (typeof now !== 'number') return err('now must be a number of seconds')
  const requirements = compileRequirements(config['requirements'] ?? {})
  if (!requirements.ok) {
    const issues = requirements.error.map(({ pointer, message }) =>
      `${pointer} ${message}`.trimStart(),
    )
    return err(`config.requirements: ${issues.join('; ')}`)
  }
  const keys = keysIn(config['credentials'])
  if (!keys.ok) return keys
  const checked = checkKeys(keys.value, 'given')
  if (checked.issues.length > 0) {
    const messages = [...checked.issues, ...checked.notices].map(({ message }) => message)
    return ok({ row: keysUnavailable([...new Set(messages)].join('; ')), finding: true })
  }
  const keySet = await importKeySet(checked.keys)
  const [unusable] = keySet.unusable
  if (unusable !== undefined) return ok({ row: keysUnavailable(unusable.message), finding: true })
  const verifier = createTokenVerifier({ keySet, requirements: requirements.value })
  const verdict = await verifier.verify(token, now * 1000)
  return ok({ row: written(verdict), finding: !verdict.valid })
}

/** Under `credentials`: a JWKS, or a list of keys and of JWKS, or one key. */
function keysIn(credentials: unknown): Result<readonly unknown[], string> {
  const keys = listOf(credentials)
  if (keys === null) return err('config.credentials must be {"keys": […]}')
  return ok(
    keys.flatMap((key) => (isObject(key) && Array.isArray(key['keys']) ? key['keys'] : key)),
  )
}

function listOf(credentials: unknown): readonly unknown[] | null {
  if (!isObject(credentials)) return Array.isArray(credentials) ? credentials : null
  if ('kty' in credentials) return [credentials]
  const { keys } = credentials
  return Array.isArray(keys) ? keys : null
}

function keysUnavailable(detail: string): object {
  const reason: TokenReason = 'keys_unavailable'
  return { valid: false, signature: 'unchecked', reason, detail }
}

function written(verdict: TokenVerdict): object {
  if (verdict.valid) return { valid: true, signature: 'valid', reason: null }
  const { signature, reason, detail } = verdict
  return { valid: false, signature, reason, ...(detail === undefined ? {} : { detail }) }
}
