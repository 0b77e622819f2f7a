/**
 * One JSON Web Key (RFC 7517) as somebody wrote it. Says whether it can verify signatures, whether it is sound, and for which
 * algorithms it is; keeps no member that verifying does not need.
 */
import { algorithmsOf } from './algorithms.ts'
import { decodeBase64Url } from './base64url.ts'
import { isCurveName, pointFault } from './curve-points.ts'
import type { Jwk } from './jwk.ts'
import { TOKEN_LIMITS } from './limits.ts'
import { rsaWeakness } from './rsa-strength.ts'

export type KeyRules = {
  readonly kid: 'required' | 'optional'
  /**
   * Without `alg` a key is for all algorithms of its type (`open`), or for the one the product takes (`stated`). `least`
   * is `open`, and the `alg` of an RSA key is the least of its family, as RFC 7520's keys are used in Wycheproof.
   */
  readonly algorithm: 'stated' | 'open' | 'least'
  readonly privateKey: 'refused' | 'halved'
  readonly secrets: 'taken' | 'refused'
  /** Whether a symmetric key may come without `k`. */
  readonly absentSecret: 'taken' | 'refused'
}

export type KeyReading =
  /** The same key once for each algorithm it is for; one without `alg` is for all of its type. */
  | { readonly kind: 'key'; readonly jwks: readonly Jwk[]; readonly isAlgorithmAssumed: boolean }
  /** Not for verifying signatures, or not by an algorithm that is taken. */
  | { readonly kind: 'unsupported'; readonly message: string }
  | KeyFault

type KeyFault = {
  readonly kind: 'wrong'
  /** Member of the key; empty for the whole key. */
  readonly member: string
  readonly message: string
}

type Members = { readonly [name: string]: unknown }
type Material = DistributiveOmit<Jwk, 'kid' | 'alg'>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

export function readKey(value: unknown, rules: KeyRules): KeyReading {
  if (!isMembers(value)) return wrong('', 'a key is an object')
  const isPrivate = PRIVATE_MEMBERS.some((name) => value[name] !== undefined)
  if (isPrivate && rules.privateKey === 'refused' && value['kty'] !== 'oct')
    return wrong('', 'this is a private key; give only its public half, and treat this one as lost')
  const otherUse = otherUseOf(value, isPrivate)
  if (otherUse !== null) return { kind: 'unsupported', message: otherUse }
  const kid = readKid(value['kid'], rules)
  if (typeof kid === 'object') return kid
  const material = readMaterial(value, rules)
  if ('kind' in material) return material
  const algorithms = readAlgorithms(value['alg'], { material, rules })
  if ('kind' in algorithms) return algorithms
  const named = { ...material, ...(kid === undefined ? {} : { kid }) }
  return {
    kind: 'key',
    jwks:
      algorithms.names.length === 0 ? [named] : algorithms.names.map((alg) => ({ ...named, alg })),
    isAlgorithmAssumed: algorithms.isAssumed,
  }
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

/** RFC 7517 §4.2 and §4.3. */
function otherUseOf({ use, key_ops: operations }: Members, isPrivate: boolean): string | null {
  if (use !== undefined && use !== 'sig') return 'its use is not sig'
  if (operations === undefined) return null
  const verifies =
    Array.isArray(operations) &&
    (operations.includes('verify') || (isPrivate && operations.includes('sign')))
  return verifies ? null : 'its key_ops do not include verify'
}

function readKid(kid: unknown, rules: KeyRules): string | undefined | KeyFault {
  if (kid === undefined && rules.kid === 'optional') return undefined
  const { kidCharactersMax } = TOKEN_LIMITS
  return typeof kid === 'string' && kid !== '' && kid.length <= kidCharactersMax
    ? kid
    : wrong('kid', `kid is required: a text of 1 to ${kidCharactersMax} characters`)
}

function readMaterial(members: Members, rules: KeyRules): Material | KeyReading {
  switch (members['kty']) {
    case 'RSA':
      return readRsa(members)
    case 'EC':
      return readEc(members)
    case 'OKP':
      return readOkp(members)
    case 'oct':
      return rules.secrets === 'taken'
        ? readOct(members, rules)
        : unsupported('a published secret is no secret')
    default:
      return unsupported('kty must be RSA, EC, OKP or oct')
  }
}

function readRsa(members: Members): Material | KeyFault {
  const n = octetsOf(members['n'])
  const e = octetsOf(members['e'])
  if (n === null) return wrong('n', 'n must be unpadded base64url')
  if (e === null) return wrong('e', 'e must be unpadded base64url')
  const weakness = rsaWeakness(n.octets, e.octets)
  return weakness === null ? { kty: 'RSA', n: n.text, e: e.text } : wrong('n', weakness)
}

function readEc({ crv, x, y }: Members): Material | KeyReading {
  if (!isCurveName(crv)) return unsupported('crv must be P-256, P-384 or P-521')
  const px = octetsOf(x)
  const py = octetsOf(y)
  if (px === null) return wrong('x', 'x must be unpadded base64url')
  if (py === null) return wrong('y', 'y must be unpadded base64url')
  const fault = pointFault(crv, px.octets, py.octets)
  return fault === null ? { kty: 'EC', crv, x: px.text, y: py.text } : wrong('x', fault)
}

const ED25519_BYTES = 32

function readOkp({ crv, x }: Members): Material | KeyReading {
  if (crv !== 'Ed25519') return unsupported('crv must be Ed25519')
  const point = octetsOf(x)
  return point?.octets.length === ED25519_BYTES
    ? { kty: 'OKP', crv, x: point.text }
    : wrong('x', 'x must be 32 octets in unpadded base64url')
}

function readOct({ k }: Members, rules: KeyRules): Material | KeyFault {
  if (k === undefined && rules.absentSecret === 'taken') return { kty: 'oct' }
  const secret = octetsOf(k)
  if (secret === null) return wrong('k', 'k must be unpadded base64url')
  return secret.octets.length > TOKEN_LIMITS.secretBytesMax
    ? wrong('k', `a secret is at most ${TOKEN_LIMITS.secretBytesMax} octets`)
    : { kty: 'oct', k: secret.text }
}

type Algorithms = { readonly names: readonly string[]; readonly isAssumed: boolean }

function readAlgorithms(
  alg: unknown,
  { material, rules }: { readonly material: Material; readonly rules: KeyRules },
): Algorithms | KeyReading {
  const possible = algorithmsOf(material.kty, 'crv' in material ? material.crv : null)
  const sound = possible.filter(({ secretBytesMin }) => isLongEnough(material, secretBytesMin))
  const [first] = sound
  if (first === undefined) return wrong('k', 'the secret is shorter than 32 octets')
  if (alg === undefined) {
    if (rules.algorithm !== 'stated') {
      const isForAll = sound.length === possible.length
      return { names: isForAll ? [] : sound.map(({ name }) => name), isAssumed: false }
    }
    if (material.kty === 'oct') return wrong('alg', 'alg is required: HS256, HS384 or HS512')
    return { names: [first.name], isAssumed: material.kty === 'RSA' }
  }
  if (typeof alg !== 'string') return wrong('alg', 'alg must be text')
  if (rules.algorithm === 'least' && alg === MISSPELT_ES512 && 'crv' in material)
    return { names: [first.name], isAssumed: false }
  if (!possible.some(({ name }) => name === alg))
    return unsupported(`its alg is none of ${possible.map(({ name }) => name).join(', ')}`)
  if (!sound.some(({ name }) => name === alg))
    return wrong('k', `the secret is too short for ${alg.slice(0, 5)}`)
  const names = rules.algorithm === 'least' && material.kty === 'RSA' ? family(alg) : [alg]
  return { names, isAssumed: false }
}

/** Stands in sets of keys made from RFC 7520 for ES512; the curve says what is meant. */
const MISSPELT_ES512 = 'ES521'

function isLongEnough(material: Material, bytesMin: number): boolean {
  return (
    material.kty !== 'oct' ||
    material.k === undefined ||
    (decodeBase64Url(material.k)?.length ?? 0) >= bytesMin
  )
}

/** PS256 → PS256, PS384, PS512. */
function family(alg: string): readonly string[] {
  return algorithmsOf('RSA', null)
    .map(({ name }) => name)
    .filter((name) => name.startsWith(alg.slice(0, 2)) && name >= alg)
}

/** Octets without leading zeros where they are a number is what RFC 7518 §2 asks for; some writers keep one. */
function octetsOf(text: unknown): { readonly text: string; readonly octets: Uint8Array } | null {
  if (typeof text !== 'string' || text === '') return null
  const octets = decodeBase64Url(text)
  return octets === null ? null : { text, octets }
}

function unsupported(message: string): KeyReading {
  return { kind: 'unsupported', message }
}

function wrong(member: string, message: string): KeyFault {
  return { kind: 'wrong', member, message }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
