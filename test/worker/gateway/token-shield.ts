/** A gateway over token configurations for the tests beside this file: real tokens and keys, storage as the test says. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Jwk } from '#engines/tokens'
import { EMPTY_SNAPSHOT } from '../../../worker/gateway/empty-snapshot.ts'
import { createEventBuffer } from '../../../worker/gateway/event-buffer.ts'
import { createGraphqlUseBuffer } from '../../../worker/gateway/graphql-use-buffer.ts'
import { createGateway } from '../../../worker/gateway/run.ts'
import { createSnapshotCache } from '../../../worker/gateway/snapshot-cache.ts'
import type { GatewayPorts, TokenPorts } from '../../../worker/gateway/stage.ts'
import type { PublishedZone } from '../../../worker/storage/collections.ts'
import type { Finding, SecurityEvent } from '../../../worker/storage/events.ts'
import type { KeysRequest } from '../../../worker/storage/ports.ts'
import type { Rule, Ruleset } from '../../../worker/storage/resources.ts'
import type { TokenConfiguration } from '../../../worker/storage/resources/tokens.ts'
import { NO_SESSIONS } from './no-sessions.ts'

export const A = '00000000-0000-4000-8000-00000000000a'
export const B = '00000000-0000-4000-8000-00000000000b'
export const NOW = 1_800_000_000

export type Signer = {
  readonly jwk: Jwk
  /** A claim that is undefined is left out. */
  readonly sign: (
    claims?: { readonly [claim: string]: unknown },
    header?: { readonly kid?: string },
  ) => Promise<string>
}

/** A key pair; its tokens are good for five minutes unless the claims say otherwise. */
export async function signerOf(kid: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '' } = await exportJWK(publicKey)
  return {
    jwk: { kty: 'EC', crv: 'P-256', kid, alg: 'ES256', x, y },
    sign: (claims = {}, header = {}) =>
      new SignJWT({ exp: NOW + 300, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid, ...header })
        .sign(privateKey),
  }
}

export function configurationOf(
  id: string,
  more: Partial<TokenConfiguration> & { readonly keys?: readonly Jwk[] } = {},
): TokenConfiguration {
  const { keys = [], ...rest } = more
  return {
    id,
    title: id,
    description: '',
    token_type: 'JWT',
    token_sources: ['http.request.headers["authorization"][0]'],
    credentials: { keys },
    created_at: '',
    last_updated: '',
    ...rest,
  }
}

export type Setup = {
  readonly parts: Partial<PublishedZone>
  /** Expressions of custom rules that block. */
  readonly block?: readonly string[]
  readonly log?: readonly string[]
  readonly ports?: Partial<GatewayPorts>
  readonly tokens?: Partial<TokenPorts>
}

export function shieldOf(setup: Setup) {
  const clock = { nowMs: NOW * 1000 }
  const events: SecurityEvent[] = []
  const asked: KeysRequest[] = []
  const claims: string[] = []
  let version = 0
  let current = partsOf(setup)
  const snapshots = createSnapshotCache({
    source: { newest: async (known) => (known === version ? null : { version, parts: current }) },
    report(cause) {
      throw cause
    },
  })
  const gateway = createGateway({
    snapshots,
    events: createEventBuffer(
      { record: async (batch) => void events.push(...batch), list: async () => events },
      async () => {},
    ),
    graphqlUse: createGraphqlUseBuffer({ record: async () => {} }, async () => {}),
    ports: {
      origin: async () => new Response('from the origin'),
      certificates: () => Promise.reject(new Error('no certificate was to be judged')),
      keyedHash: async ({ type, name, value }) => `hash of ${type} ${name} ${value}`,
      isSampled: () => false,
      ...NO_SESSIONS,
      nowMs: () => clock.nowMs,
      failOpen: new Set(),
      schemas: {
        validator: () => Promise.reject(new Error('no schema was to be asked')),
        responseValidator: () => Promise.reject(new Error('no schema was to be asked')),
      },
      tokens: {
        keys: {
          async current(request) {
            asked.push(request)
            return { outcome: 'unavailable', message: 'timeout: it did not answer' }
          },
        },
        replays: {
          async claim({ configurationId, jti }) {
            const name = `${configurationId} ${jti}`
            if (claims.includes(name)) return 'seen'
            claims.push(name)
            return 'first'
          },
        },
        open: async ({ credentials }) => credentials.keys,
        wait: () => new Promise(() => {}),
        ...setup.tokens,
      },
      ...setup.ports,
    },
    uuid: () => crypto.randomUUID(),
  })
  async function ask(headers: Record<string, string> = {}) {
    const work: Promise<unknown>[] = []
    const before = events.length
    const request = new Request('https://a.example/x', { headers })
    const response = await gateway.fetch(request, (later) => void work.push(later))
    await Promise.all(work)
    const written = events.slice(before)
    const findings: readonly Finding[] = written[0]?.findings ?? []
    return { status: response.status, events: written, finding: findings[0] ?? null }
  }
  return {
    clock,
    asked,
    claims,
    ask,
    /** With this in `Authorization`. */
    present: (token: string) => ask({ authorization: `Bearer ${token}` }),
    /** Another version of the configuration, in force at once. */
    change: async (parts: Partial<PublishedZone>): Promise<void> => {
      version += 1
      current = { ...current, ...parts }
      await snapshots.reload(clock.nowMs)
    },
  }
}

function partsOf({ parts, block = [], log = [] }: Setup): PublishedZone {
  return { ...EMPTY_SNAPSHOT.zone, ruleset: [rulesetOf(block, log)], ...parts }
}

function rulesetOf(block: readonly string[], log: readonly string[]): Ruleset {
  const common = { version: '1', description: '', last_updated: '' }
  const rules: readonly Rule[] = [
    ...log.map((expression) => ({ expression, action: 'log' as const })),
    ...block.map((expression) => ({ expression, action: 'block' as const })),
  ].map((rule, n) =>
    Object.assign({ ...common, id: `rule-${n}`, ref: `rule-${n}`, enabled: true }, rule),
  )
  return {
    ...common,
    id: 'ruleset',
    kind: 'zone',
    name: 'default',
    phase: 'http_request_firewall_custom',
    rules,
  }
}
