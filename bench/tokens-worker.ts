/**
 * What a check of a token costs, inside workerd: each request does one kind of check many times, and the caller takes the
 * CPU time of the process. There are thousands of tokens, so that nothing is learned by heart, and every text is made anew, as
 * it is in a request.
 */
import { jwtVerify } from 'jose'
import {
  checkKeys,
  compileRequirements,
  createTokenCache,
  createTokenVerifier,
  importKeySet,
  type TokenCache,
  type TokenVerifier,
} from '#engines/tokens'

const TOKENS = 2048
const NOW_MS = 1_763_000_000_000

const ALGORITHMS = {
  RS256: {
    key: {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 2048,
      publicExponent: Uint8Array.of(1, 0, 1),
    },
    signature: { name: 'RSASSA-PKCS1-v1_5' },
  },
  ES256: {
    key: { name: 'ECDSA', namedCurve: 'P-256' },
    signature: { name: 'ECDSA', hash: 'SHA-256' },
  },
  EdDSA: { key: { name: 'Ed25519' }, signature: { name: 'Ed25519' } },
}

type AlgorithmName = keyof typeof ALGORITHMS

type Material = {
  /** `Bearer …`, as a header has it. */
  readonly values: readonly string[]
  readonly signed: readonly { readonly input: Uint8Array; readonly signature: ArrayBuffer }[]
  readonly publicKey: CryptoKey
  readonly verifier: TokenVerifier
  readonly cache: TokenCache
}

/** Each answers how often all was as it should be. */
const CHECKS: {
  readonly [check: string]: (
    material: Material,
    name: AlgorithmName,
    times: number,
  ) => Promise<number>
} = {
  async subtle({ signed, publicKey }, name, times) {
    let good = 0
    const algorithm = ALGORITHMS[name].signature
    for (let turn = 0; turn < times; turn++) {
      const { input, signature } = signed[turn % TOKENS] ?? missing()
      if (await crypto.subtle.verify(algorithm, publicKey, signature, input)) good += 1
    }
    return good
  },
  async uncached({ values, verifier }, _name, times) {
    let good = 0
    for (let turn = 0; turn < times; turn++) {
      if ((await verifier.verify(tokenOf(values, turn), NOW_MS)).valid) good += 1
    }
    return good
  },
  async cached({ values, verifier, cache }, _name, times) {
    let good = 0
    for (let turn = 0; turn < times; turn++) {
      const remembered = cache.get(tokenOf(values, turn))
      if (remembered !== undefined && verifier.recheck(remembered, NOW_MS).valid) good += 1
    }
    return good
  },
  async jose({ values, publicKey }, name, times) {
    let good = 0
    const options = { algorithms: [name], currentDate: new Date(NOW_MS), clockTolerance: 60 }
    for (let turn = 0; turn < times; turn++) {
      await jwtVerify(tokenOf(values, turn), publicKey, options)
      good += 1
    }
    return good
  },
  async nothing({ values }, _name, times) {
    let good = 0
    for (let turn = 0; turn < times; turn++) if (tokenOf(values, turn) !== '') good += 1
    return good
  },
}

const materials = new Map<string, Promise<Material>>()

// oxlint-disable-next-line import/no-default-export -- the runtime wants a Worker so
export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const [name = '', kind = ''] = (searchParams.get('way') ?? '').split(' ')
    const check = CHECKS[kind]
    if (!isAlgorithm(name) || check === undefined) return new Response(null, { status: 404 })
    const material = materials.get(name) ?? prepare(name)
    materials.set(name, material)
    const times = Number(searchParams.get('times'))
    const good = await check(await material, name, times)
    return new Response(null, { status: good === times ? 200 : 500 })
  },
}

function isAlgorithm(name: string): name is AlgorithmName {
  return Object.hasOwn(ALGORITHMS, name)
}

async function prepare(name: AlgorithmName): Promise<Material> {
  const algorithm = ALGORITHMS[name]
  const pair = await crypto.subtle.generateKey(algorithm.key, true, ['sign', 'verify'])
  if (!('publicKey' in pair)) throw new Error(`${name} has no pair of keys`)
  const exported = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const { keys } = checkKeys([Object.assign(exported, { kid: KID, alg: name })], 'configured')
  const keySet = await importKeySet(keys)
  const requirements = compileRequirements({ issuers: [ISSUER], audiences: ['api'] })
  if (!requirements.ok) throw new Error('the requirements are wrong')
  const verifier = createTokenVerifier({ keySet, requirements: requirements.value })
  const cache = createTokenCache()
  const values: string[] = []
  const signed: { input: Uint8Array; signature: ArrayBuffer }[] = []
  for (let serial = 0; serial < TOKENS; serial++) {
    const text = unsigned(name, serial)
    const input = new TextEncoder().encode(text)
    const signature = await crypto.subtle.sign(algorithm.signature, pair.privateKey, input)
    const token = `${text}.${base64Url(String.fromCharCode(...new Uint8Array(signature)))}`
    const verdict = await verifier.verify(token, NOW_MS)
    if (verdict.valid) cache.set(token, verdict)
    values.push(`Bearer ${token}`)
    signed.push({ input, signature })
  }
  return { values, signed, publicKey: pair.publicKey, verifier, cache }
}

const KID = '2026-11-key-1'
const ISSUER = 'https://login.example.com/'

/** Header and claims of the size that access tokens have. */
function unsigned(alg: string, serial: number): string {
  const claims = {
    iss: ISSUER,
    sub: `user-${serial}`,
    aud: ['api', 'https://api.example.com/'],
    exp: NOW_MS / 1000 + 3600,
    iat: NOW_MS / 1000,
    jti: `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
    scope: 'openid profile read:temperatures write:temperatures',
    client_id: 'mobile-app',
  }
  return `${base64Url(JSON.stringify({ alg, typ: 'JWT', kid: KID }))}.${base64Url(JSON.stringify(claims))}`
}

function base64Url(binary: string): string {
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** A new text each time, whose hash nobody knows yet. */
function tokenOf(values: readonly string[], turn: number): string {
  return (values[turn % TOKENS] ?? missing()).slice('Bearer '.length)
}

function missing(): never {
  throw new Error('there is no such token')
}
