/** The management API over the test environment's real storage, with the outside world as a test needs it. */
import { env } from 'cloudflare:workers'
import { ok } from '#engines/result'
import { createManagement } from '../../worker/management/api.ts'
import type { ManagementPorts } from '../../worker/management/ports.ts'
import type { Settings } from '../../worker/settings.ts'
import { createSeedStore } from '../../worker/storage/kv/seed-store.ts'
import { createGraphqlUseStore } from '../../worker/storage/objects/graphql-use-store.ts'
import { createSessionStore } from '../../worker/storage/objects/session-store.ts'
import { createEventStore } from '../../worker/storage/objects/traffic-store.ts'
import { createZoneStore } from '../../worker/storage/objects/zone-store.ts'

// What the plugin binds is what wrangler.toml and vitest.config.ts name.
export const settings = env as unknown as Settings

/** The path of the zone below /client/v4. */
export const Z = `/zones/${settings.ZONE_ID}`

/** The path of the account below /client/v4. */
export const A = `/accounts/${settings.ACCOUNT_ID}`

export const NO_SUCH_ID = '00000000-0000-4000-8000-000000000000'

type WireError = {
  readonly code: number
  readonly message: string
  readonly source?: { readonly pointer: string }
}

type Reply<T> = {
  readonly status: number
  readonly headers: Headers
  readonly success: boolean
  readonly errors: readonly WireError[]
  readonly messages: readonly WireError[]
  readonly result: T
  readonly result_info?: { readonly [name: string]: unknown }
}

/** Ports whose zone object is a test's own, under this name. */
export function portsOf(name: string, overrides: Partial<ManagementPorts> = {}): ManagementPorts {
  return {
    zone: createZoneStore(settings.ZONE, name),
    events: createEventStore(settings.TRAFFIC, name),
    graphqlUses: createGraphqlUseStore(settings.TRAFFIC, name),
    seed: createSeedStore(settings.CONFIGURATION, name),
    // No test of the control plane reaches the network unless it says how.
    remote: {
      fetch: () => Promise.reject(new Error('the tests have no network')),
      allowPrivate: false,
    },
    // As if every provider answered with one key.
    keySources: {
      refresh: () => Promise.resolve(ok({ keys: 1, fetchedAt: '2026-01-01T00:00:00.000Z' })),
      status: () => Promise.resolve(null),
    },
    sessions: createSessionStore(settings.SESSIONS, name),
    settings,
    nowMs: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    uuid: () => crypto.randomUUID(),
    changed: async () => {},
    flushEvents: async () => {},
    flushGraphqlUse: async () => {},
    ...overrides,
  }
}

type CallOptions = {
  /** Text and forms are sent as they are, everything else as JSON. */
  readonly body?: unknown
  readonly headers?: { readonly [name: string]: string }
}

export type Caller = <T = unknown>(line: string, options?: CallOptions) => Promise<Reply<T>>

/** `api('GET /zones/…')` makes one management call, as the operator unless the headers say otherwise. */
export function callerOf(ports: ManagementPorts): Caller {
  const management = createManagement(ports)
  return async (line, { body, headers } = {}) => {
    const [method = '', path = ''] = line.split(' ')
    const isReady = body === undefined || typeof body === 'string' || body instanceof FormData
    const sent = isReady ? body : JSON.stringify(body)
    const request = new Request(`https://shield.test/client/v4${path}`, {
      method,
      headers: { ...(headers ?? { authorization: `Bearer ${settings.API_TOKEN}` }) },
      ...(sent === undefined ? {} : { body: sent }),
    })
    const response = await management.fetch(request)
    // 204 has no body, and so no envelope.
    const answer = response.status === 204 ? '{}' : await response.text()
    const envelope = JSON.parse(answer) as Reply<never>
    return { ...envelope, status: response.status, headers: response.headers }
  }
}

/** A caller with a zone of its own. */
export function api(name: string, overrides: Partial<ManagementPorts> = {}): Caller {
  return callerOf(portsOf(name, overrides))
}
