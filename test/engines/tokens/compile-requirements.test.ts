/** What a configuration asks of the claims holds of every token that is found valid; what it asks is checked when it is written. */
import { describe, expect, test } from 'vitest'
import { compileRequirements, TOKEN_LIMITS } from '#engines/tokens'
import { NOW, NOW_MS, outcome, signerOf, signText, verifierFor } from './support.ts'

async function found(requirements: object, claims: object): Promise<string> {
  const signer = await signerOf('HS256')
  const verifier = await verifierFor([signer.jwk], requirements)
  const token = await signText(signer, '{"alg":"HS256"}', JSON.stringify(claims))
  return outcome(await verifier.verify(token, NOW_MS))
}

const refusedFor = (reason: string) => `${reason}, signature valid`

const ISSUERS = { issuers: ['https://a.example', 'https://b.example/'] }
const AUDIENCES = { audiences: ['api', 'web'] }
const SUBJECT = { subject_pattern: 'user-[0-9]+' }
const SCOPES = { scopes: ['read', 'write'] }
const CLAIMS = { claims: { role: ['admin', 'staff'], level: [3, 4], mfa: [true] } }
const ONCE = { replay: 'once' }
const HELD = { role: 'admin', level: 3, mfa: true }

test.each([
  ['no requirement', {}, {}, null],
  ['issuer', ISSUERS, { iss: 'https://b.example/' }, null],
  ['issuer without its slash', ISSUERS, { iss: 'https://b.example' }, 'issuer'],
  ['issuer in capitals', ISSUERS, { iss: 'HTTPS://A.EXAMPLE' }, 'issuer'],
  ['no issuer', ISSUERS, {}, 'issuer'],
  ['issuer in a list', ISSUERS, { iss: ['https://a.example'] }, 'issuer'],
  ['audience', AUDIENCES, { aud: 'web' }, null],
  ['one audience of several', AUDIENCES, { aud: ['x', 'api'] }, null],
  ['another audience', AUDIENCES, { aud: ['x', 'ap'] }, 'audience'],
  ['no audience', AUDIENCES, {}, 'audience'],
  ['no audience in the list', AUDIENCES, { aud: [] }, 'audience'],
  ['a list with what is no text', AUDIENCES, { aud: ['api', 1] }, 'audience'],
  ['subject', SUBJECT, { sub: 'user-12' }, null],
  ['subject with something behind', SUBJECT, { sub: 'user-12x' }, 'subject'],
  ['subject with something before', SUBJECT, { sub: 'xuser-12' }, 'subject'],
  ['subject with a line behind', SUBJECT, { sub: 'user-12\n' }, 'subject'],
  ['subject that is a number', { subject_pattern: '[0-9]+' }, { sub: 12 }, 'subject'],
  ['no subject', { subject_pattern: '.*' }, {}, 'subject'],
  ['either of two subjects', { subject_pattern: 'a|b' }, { sub: 'b' }, null],
  ['not the beginning of one', { subject_pattern: 'a|b' }, { sub: 'ax' }, 'subject'],
  ['half a character', { subject_pattern: '.*' }, { sub: '\ud800' }, 'subject'],
  ['scopes', SCOPES, { scope: 'write x read' }, null],
  ['scopes as a list', SCOPES, { scp: ['write', 'read'] }, null],
  ['scopes as scp in one text', SCOPES, { scp: 'write read' }, null],
  ['a scope is missing', SCOPES, { scope: 'read writer' }, 'scope'],
  ['no scope', SCOPES, {}, 'scope'],
  ['claims', CLAIMS, HELD, null],
  ['a claim that holds one', CLAIMS, { ...HELD, role: ['x', 'staff'] }, null],
  ['a claim of another type', CLAIMS, { ...HELD, level: '3' }, 'claim'],
  ['a claim of another value', CLAIMS, { ...HELD, role: 'user' }, 'claim'],
  ['a claim is missing', CLAIMS, { role: 'admin', level: 3 }, 'claim'],
  ['a claim that every object has', { claims: { constructor: ['x'] } }, {}, 'claim'],
  [
    'a claim whose name is a URL',
    { claims: { 'https://x/y': ['z'] } },
    { 'https://x/y': 'z' },
    null,
  ],
  ['once, with jti and exp', ONCE, { jti: 'x', exp: NOW + 9 }, null],
  ['once, without jti', ONCE, { exp: NOW + 9 }, 'jti_missing'],
  ['once, without exp', ONCE, { jti: 'x' }, 'expiry_missing'],
  ['what is over says so first', ISSUERS, { exp: 1, iss: 'x' }, 'expired'],
])('%s', async (_name, requirements, claims, reason) => {
  expect(await found(requirements, claims)).toBe(reason === null ? 'valid' : refusedFor(reason))
})

test('the requirement that is not met is named', async () => {
  const signer = await signerOf('HS256')
  const token = await signText(signer, '{"alg":"HS256"}', '{"scope":"read"}')
  const verifier = await verifierFor([signer.jwk], { scopes: ['read', 'write'] })
  expect(await verifier.verify(token, NOW_MS)).toMatchObject({ reason: 'scope', detail: 'write' })
})

const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`)
const { requirementCharactersMax: charactersMax, requirementEntriesMax: entriesMax } = TOKEN_LIMITS

describe('what is asked is checked', () => {
  test.each([
    ['nothing', undefined, []],
    ['all of it', { ...ISSUERS, ...AUDIENCES, ...SUBJECT, ...SCOPES, ...CLAIMS, ...ONCE }, []],
    ['no object', [], ['']],
    ['a member that does not exist', { issuer: ['a'] }, ['/issuer']],
    ['a member of every object', JSON.parse('{"__proto__":1}'), ['/__proto__']],
    ['issuers as text', { issuers: 'a' }, ['/issuers']],
    ['no issuers', { issuers: [] }, ['/issuers']],
    ['an issuer that is no text', { issuers: ['a', 1] }, ['/issuers/1']],
    ['an empty audience', { audiences: [''] }, ['/audiences/0']],
    ['a pattern that is none', { subject_pattern: '(' }, ['/subject_pattern']],
    ['a pattern that breaks out', { subject_pattern: 'a)|(?:b' }, ['/subject_pattern']],
    ['a pattern that swallows its end', { subject_pattern: '(?x)a#' }, ['/subject_pattern']],
    ['look-around', { subject_pattern: '(?=a)' }, ['/subject_pattern']],
    ['claims as a list', { claims: [] }, ['/claims']],
    ['a claim without values', { claims: { 'a/b': [] } }, ['/claims/a~1b']],
    ['a claim with an object', { claims: { a: [{}] } }, ['/claims/a']],
    ['a claim with a number that is none', { claims: { a: [Number.NaN] } }, ['/claims/a']],
    ['require_expiry as text', { require_expiry: 'yes' }, ['/require_expiry']],
    ['a skew below 0', { clock_skew_seconds: -1 }, ['/clock_skew_seconds']],
    ['a skew at the bound', { clock_skew_seconds: 300 }, []],
    ['a skew above', { clock_skew_seconds: 301 }, ['/clock_skew_seconds']],
    ['replay as a boolean', { replay: true }, ['/replay']],
    ['two faults', { replay: 1, scopes: 1 }, ['/replay', '/scopes']],
    ['entries at the bound', { issuers: many(entriesMax) }, []],
    ['entries above', { issuers: many(entriesMax + 1) }, ['/issuers']],
    ['text at the bound', { issuers: ['x'.repeat(charactersMax)] }, []],
    ['text above', { issuers: ['x'.repeat(charactersMax + 1)] }, ['/issuers/0']],
  ])('%s', (_name, requirements: unknown, pointers) => {
    const compiled = compileRequirements(requirements)
    expect(compiled.ok ? [] : compiled.error.map(({ pointer }) => pointer)).toEqual(pointers)
  })

  test('what the caller has to know', () => {
    expect(compileRequirements({})).toMatchObject({
      value: { clockSkewSeconds: 60, isOnceOnly: false },
    })
    expect(compileRequirements({ clock_skew_seconds: 0, replay: 'once' })).toMatchObject({
      value: { clockSkewSeconds: 0, isOnceOnly: true },
    })
  })
})
