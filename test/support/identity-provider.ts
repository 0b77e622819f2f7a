/** A real OpenID provider on loopback whose signing keys a test can change while it runs. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

type SigningAlgorithm = 'ES256' | 'RS256'

/** One ES256 and one RS256 key, private halves included. */
export type KeyGeneration = { readonly [A in SigningAlgorithm]: JWK }

export async function makeKeys(name: string): Promise<KeyGeneration> {
  return { ES256: await makeKey(name, 'ES256'), RS256: await makeKey(name, 'RS256') }
}

async function makeKey(name: string, alg: SigningAlgorithm): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: `${name}-${alg}`, alg, use: 'sig' }
}

/** Signs as whoever holds the key would, with claims that the provider itself might never write. */
export async function signWith(key: JWK, claims: JWTPayload, kid = key.kid): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg ?? '', ...(kid === undefined ? {} : { kid }) })
    .sign(await importJWK(key, key.alg))
}

export type IdentityProvider = {
  readonly issuer: string
  /** A fresh access token from the token endpoint. */
  token(alg: SigningAlgorithm): Promise<string>
  /** Signs with the first generation from now on; the others stay published. */
  rotate(generations: readonly KeyGeneration[]): void
  /** How often its key set was fetched. */
  fetches(): number
  stop(): void
}

const AUDIENCE = 'https://api.example.com'

export async function startIdentityProvider(
  generations: readonly KeyGeneration[],
): Promise<IdentityProvider> {
  let listener: RequestListener = () => {}
  let fetches = 0
  const server = createServer((request, response) => {
    if (request.url === '/jwks') fetches += 1
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const rotate = (newest: readonly KeyGeneration[]): void => {
    const keys = newest.flatMap((generation) => Object.values(generation))
    const answer = makeProvider(issuer, keys).callback()
    listener = (request, response) => void answer(request, response)
  }
  rotate(generations)
  return {
    issuer,
    rotate,
    fetches: () => fetches,
    async token(alg) {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('sensor:secret')}` },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope: 'temperatures',
          resource: `urn:${alg}`,
        }),
      })
      const { access_token } = await response.json<{ access_token?: string }>()
      if (access_token === undefined) throw new Error(`no token: ${response.status}`)
      return access_token
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function makeProvider(issuer: string, keys: JWK[]): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: 'sensor',
        client_secret: 'secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys },
    ttl: { ClientCredentials: 300 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, indicator) => ({
          scope: 'temperatures',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: indicator === 'urn:RS256' ? 'RS256' : 'ES256' } },
        }),
      },
    },
  })
}
