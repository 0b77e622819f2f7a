/** Fields tell the claims of valid tokens and nothing of others; every field is filled, so that "no token" is an answer. */
import { describe, expect, test } from 'vitest'
import { compileExpression, fieldIndex, FIELDS, type Value } from '#engines/expressions'
import { type Claims, TOKEN_FIELDS, tokenFields, type TokenVerdict } from '#engines/tokens'

const A = '51231d16-01f1-48e3-93f8-91c99e81288e'
const B = '61231d16-01f1-48e3-93f8-91c99e81288e'
const C = '71231d16-01f1-48e3-93f8-91c99e81288e'

function valid(claims: Claims): TokenVerdict {
  return {
    valid: true,
    header: { alg: 'ES256', kid: null },
    claims,
    claimsText: JSON.stringify(claims),
    expiresAt: null,
    notBefore: null,
    issuedAt: null,
    jti: null,
  }
}

const INVALID: TokenVerdict = { valid: false, signature: 'valid', reason: 'expired', header: null }

const CLAIMS = { iss: 'i', sub: 's', aud: ['x', 'y'], jti: 'j', iat: 12.9, nbf: 7, roles: ['r'] }

const TOKENS = [
  { configurationId: A, verdict: valid(CLAIMS) },
  { configurationId: B, verdict: INVALID },
  { configurationId: C, verdict: null },
]

function holds(expression: string, fields: ReadonlyMap<number, Value>): boolean {
  const compiled = compileExpression(expression, { phase: 'http_request_firewall_custom' })
  if (!compiled.ok) throw new Error(compiled.error.message)
  return compiled.value.evaluate({
    field: (index) => fields.get(index),
    entry(index, key) {
      const map = fields.get(index)
      return map instanceof Map ? (map.get(key) as Value | undefined) : undefined
    },
  })
}

describe('in a rule', () => {
  test.each([
    [`is_jwt_valid("${A}")`, true],
    [`is_jwt_valid("${B}")`, false],
    [`not is_jwt_valid("${C}")`, true],
    [`is_jwt_present("${B}")`, true],
    [`is_jwt_present("${C}")`, false],
    [`http.request.jwt.claims.sub["${A}"][0] eq "s"`, true],
    [`any(http.request.jwt.claims.aud["${A}"][*] eq "y")`, true],
    [`http.request.jwt.claims.iat.sec["${A}"][0] eq 12`, true],
    [`http.request.jwt.claims.nbf.sec["${A}"][0] eq 7`, true],
    [`lookup_json_string(http.request.jwt.claims["${A}"][0], "roles", 0) eq "r"`, true],
    [`any(http.request.jwt.claims.iss.values[*] eq "i")`, true],
    [`any(http.request.jwt.claims.jti.names[*] eq "${A}")`, true],
    [`len(http.request.jwt.claims.names) eq 1`, true],
    [`len(http.request.jwt.claims.aud.values) eq 2`, true],
    [`http.request.jwt.claims.sub["${B}"][0] eq "s"`, false],
  ])('%s is %s', (expression, expected) => {
    expect(holds(expression, tokenFields(TOKENS))).toBe(expected)
  })
})

test('every field is filled, with and without tokens', () => {
  const indexes = TOKEN_FIELDS.map(fieldIndex)
  expect(indexes).not.toContain(-1)
  expect([...tokenFields(TOKENS).keys()]).toEqual(expect.arrayContaining(indexes))
  expect(new Set(tokenFields([]).keys())).toEqual(new Set(indexes))
})

test('these are all fields of tokens there are', () => {
  const ofTokens = FIELDS.map(({ name }) => name).filter((name) => /jwt/.test(name))
  expect(new Set(TOKEN_FIELDS)).toEqual(new Set(ofTokens))
})

test.each([
  ['iss', 7],
  ['sub', ['s']],
  ['jti', null],
  ['aud', ['x', 7]],
  ['aud', {}],
  ['iat.sec', '12'],
  ['nbf.sec', 1e300],
])('a claim %s of another type is left out: %j', (claim, value) => {
  const name = claim.replace('.sec', '')
  const fields = tokenFields([{ configurationId: A, verdict: valid({ [name]: value }) }])
  const field = `http.request.jwt.claims.${claim}`
  expect(fields.get(fieldIndex(field))).toEqual(new Map())
  expect(fields.get(fieldIndex(`${field}.values`))).toEqual([])
})

test('half a character is not a byte', () => {
  const fields = tokenFields([{ configurationId: A, verdict: valid({ sub: '\udcff' }) }])
  expect(fields.get(fieldIndex('http.request.jwt.claims.sub.values'))).toEqual(['\ufffd'])
})
