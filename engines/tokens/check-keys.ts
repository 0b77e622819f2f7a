/**
 * Lists of keys as an operator writes them, a provider publishes them, or a command line hands them over. What comes out is
 * public or symmetric keys with the members that verifying needs. What is wrong is an issue where somebody can mend it, and
 * a notice where the key is left out.
 */
import { algorithmsOf } from './algorithms.ts'
import { type KeyReading, type KeyRules, readKey } from './check-key.ts'
import type { Jwk } from './jwk.ts'
import { TOKEN_LIMITS } from './limits.ts'

/** Where keys come from. */
export type KeyOrigin =
  /** A configuration: the product's rules. What is unsupported is left out, what is wrong is refused. */
  | 'configured'
  /** The same when a symmetric key may come without `k`, because its secret is stored already. */
  | 'edited'
  /** A JWKS: whatever cannot be used is left out, and so are secrets, which publishing has made none. */
  | 'fetched'
  /** A command line: `kid` and `alg` may be missing, and private keys count as their public halves. */
  | 'given'

type KeyIssue = {
  /** JSON pointer from the list on: `/3/n`; empty for the whole list. */
  readonly pointer: string
  readonly message: string
}

/** `code` as the product numbers it. */
type KeyNotice = { readonly code?: number; readonly message: string }

type CheckedKeys = {
  readonly keys: readonly Jwk[]
  /** With any, none of the keys may be used. */
  readonly issues: readonly KeyIssue[]
  readonly notices: readonly KeyNotice[]
}

type ListRules = KeyRules & {
  readonly keysMax: number
  readonly faults: 'refused' | 'left_out'
  /** Whether secrets and public keys may stand side by side. */
  readonly mixture: 'taken' | 'refused'
}

const CONFIGURED: ListRules = {
  keysMax: TOKEN_LIMITS.configuredKeysMax,
  faults: 'refused',
  mixture: 'taken',
  kid: 'required',
  algorithm: 'stated',
  privateKey: 'refused',
  secrets: 'taken',
  absentSecret: 'refused',
}

const FETCHED: ListRules = {
  keysMax: TOKEN_LIMITS.fetchedKeysMax,
  faults: 'left_out',
  mixture: 'taken',
  kid: 'optional',
  algorithm: 'open',
  privateKey: 'refused',
  secrets: 'refused',
  absentSecret: 'refused',
}

const RULES: { readonly [origin in KeyOrigin]: ListRules } = {
  configured: CONFIGURED,
  edited: { ...CONFIGURED, absentSecret: 'taken' },
  fetched: FETCHED,
  given: {
    ...FETCHED,
    faults: 'refused',
    mixture: 'refused',
    algorithm: 'least',
    privateKey: 'halved',
    secrets: 'taken',
  },
}

/** `keys` is the list itself, of which nothing is known yet. */
export function checkKeys(keys: unknown, origin: KeyOrigin): CheckedKeys {
  const rules = RULES[origin]
  if (!Array.isArray(keys)) return refused('the keys must be a list')
  if (keys.length > rules.keysMax) return refused(`there are more than ${rules.keysMax} keys`)
  const values: readonly unknown[] = keys
  const readings = values.map((value) => readKey(value, rules))
  const issues = rules.faults === 'refused' ? readings.flatMap(issueOf) : []
  const unique = withoutAmbiguous(readings)
  if (rules.faults === 'refused') issues.push(...unique.issues)
  if (rules.mixture === 'refused' && isMixed(unique.keys))
    issues.push({ pointer: '', message: 'secrets and public keys do not go into one set' })
  if (values.length > 0 && unique.keys.length === 0 && issues.length === 0)
    issues.push({ pointer: '', message: 'none of the keys can be used' })
  const notices = [
    ...readings.flatMap(noticeOf),
    ...unique.issues.map(({ message }) => ({ message })),
  ]
  return { keys: unique.keys, issues, notices }
}

function refused(message: string): CheckedKeys {
  return { keys: [], issues: [{ pointer: '', message }], notices: [] }
}

function issueOf(reading: KeyReading, index: number): readonly KeyIssue[] {
  if (reading.kind !== 'wrong') return []
  const { member, message } = reading
  return [{ pointer: member === '' ? `/${index}` : `/${index}/${member}`, message }]
}

/** The product's number for "no alg was given, RS256 is assumed". */
const ALGORITHM_ASSUMED = 110_003

function noticeOf(reading: KeyReading, index: number): readonly KeyNotice[] {
  if (reading.kind !== 'key') return [{ message: `key ${index} is left out: ${reading.message}` }]
  return reading.isAlgorithmAssumed
    ? [{ code: ALGORITHM_ASSUMED, message: `key ${index} has no alg: RS256 is assumed` }]
    : []
}

type Unique = { readonly keys: readonly Jwk[]; readonly issues: readonly KeyIssue[] }

/** Of keys that differ but share `kid` and algorithm none is kept: which one was meant cannot be known. */
function withoutAmbiguous(readings: readonly KeyReading[]): Unique {
  const placed = readings.flatMap((reading, index) =>
    reading.kind === 'key'
      ? reading.jwks.map((jwk) => ({ index, jwk, text: JSON.stringify(jwk) }))
      : [],
  )
  const firsts = placed.filter(
    ({ text }, place) => placed.findIndex((other) => other.text === text) === place,
  )
  const isAmbiguous = ({ jwk }: { readonly jwk: Jwk }) =>
    jwk.kid !== undefined && firsts.some((other) => other.jwk !== jwk && isSameName(other.jwk, jwk))
  const ambiguous = new Set(firsts.filter(isAmbiguous).map(({ index }) => index))
  return {
    keys: firsts.filter(({ index }) => !ambiguous.has(index)).map(({ jwk }) => jwk),
    issues: Array.from(ambiguous, (index) => ({
      pointer: `/${index}/kid`,
      message: `key ${index} shares its kid and alg with another key`,
    })),
  }
}

function isSameName(left: Jwk, right: Jwk): boolean {
  const names = algorithmNames(right)
  return left.kid === right.kid && algorithmNames(left).some((name) => names.includes(name))
}

function algorithmNames(jwk: Jwk): readonly string[] {
  return jwk.alg === undefined
    ? algorithmsOf(jwk.kty, 'crv' in jwk ? jwk.crv : null).map(({ name }) => name)
    : [jwk.alg]
}

function isMixed(keys: readonly Jwk[]): boolean {
  return keys.some(({ kty }) => kty === 'oct') && keys.some(({ kty }) => kty !== 'oct')
}
