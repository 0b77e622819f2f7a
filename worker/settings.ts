/** The Worker's environment (wrangler.toml and secrets), typed once and checked once per isolate. */
import type { KeySource } from './storage/objects/key-source.ts'
import type { Session } from './storage/objects/session.ts'
import type { TokenReplay } from './storage/objects/token-replay.ts'
import type { Traffic } from './storage/objects/traffic.ts'
import type { Zone } from './storage/objects/zone.ts'

/** All detectors of the data plane (gateway/detectors/index.ts). */
const DETECTOR_NAMES = [
  'client-certificate',
  'token',
  'session',
  'session-state',
  'graphql',
  'schema',
  'body',
] as const

export type DetectorName = (typeof DETECTOR_NAMES)[number]

export type Settings = {
  readonly ZONE_ID: string
  readonly ACCOUNT_ID: string
  readonly ORIGIN_URL: string
  readonly MANAGEMENT_HOST: string
  /** Names of detectors, comma separated, that let a request pass when they break; the others stop it. */
  readonly FAIL_OPEN: string
  readonly API_TOKEN: string
  readonly SEALING_SECRET: string
  /** `allow`: key sets and revocation lists may come from private addresses and over http. */
  readonly PRIVATE_SOURCES: string
  readonly CONFIGURATION: KVNamespace
  readonly ZONE: DurableObjectNamespace<Zone>
  readonly TRAFFIC: DurableObjectNamespace<Traffic>
  readonly KEY_SOURCES: DurableObjectNamespace<KeySource>
  readonly TOKEN_REPLAYS: DurableObjectNamespace<TokenReplay>
  readonly SESSIONS: DurableObjectNamespace<Session>
  /** The protected API as a Worker of the same account; wins over ORIGIN_URL. */
  readonly ORIGIN?: Fetcher
  /** A network without private addresses, where the platform's own has them: key sets and revocation lists come through it. */
  readonly PUBLIC_NETWORK?: Fetcher
}

/** A rate limit binding of wrangler.toml; a deployment has as many as its rules ask for, under names that say what they count. */
export function rateLimitBinding(settings: Settings, name: string): RateLimit | null {
  const bindings: { readonly [binding: string]: unknown } = settings
  const found = bindings[name]
  return isRateLimit(found) ? found : null
}

function isRateLimit(value: unknown): value is RateLimit {
  return typeof value === 'object' && value !== null && 'limit' in value
}

/** What is wrong with the environment, one sentence each; empty when a request can be served. */
export function settingProblems(settings: Settings): readonly string[] {
  const problems: string[] = []
  if (!settings.ZONE_ID) problems.push('ZONE_ID is not set (wrangler.toml, [vars])')
  if (!settings.ACCOUNT_ID) problems.push('ACCOUNT_ID is not set (wrangler.toml, [vars])')
  if (settings.ORIGIN_URL && !isHttpOrigin(settings.ORIGIN_URL)) {
    problems.push('ORIGIN_URL is not an http(s) URL without path, query and credentials')
  }
  if (settings.PRIVATE_SOURCES && settings.PRIVATE_SOURCES !== 'allow') {
    problems.push('PRIVATE_SOURCES must be empty or "allow"')
  }
  const strangers = listed(settings.FAIL_OPEN).filter((name) => !isDetectorName(name))
  if (strangers.length > 0) {
    problems.push(
      `FAIL_OPEN names no detector: ${strangers.join(', ')} (there are ${DETECTOR_NAMES.join(', ')})`,
    )
  }
  return problems
}

export function failOpenDetectors(settings: Settings): ReadonlySet<DetectorName> {
  return new Set(listed(settings.FAIL_OPEN).filter(isDetectorName))
}

function listed(setting: string | undefined): readonly string[] {
  return (setting ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function isDetectorName(name: string): name is DetectorName {
  return (DETECTOR_NAMES as readonly string[]).includes(name)
}

/** The management API needs two secrets more; without them it answers nothing at all. */
export function managementProblems(settings: Settings): readonly string[] {
  const problems: string[] = []
  if (!settings.API_TOKEN) problems.push('API_TOKEN is not set (wrangler secret put API_TOKEN)')
  if (!/^[0-9a-f]{64,}$/i.test(settings.SEALING_SECRET ?? '')) {
    problems.push(
      'SEALING_SECRET is not at least 32 bytes in hex (wrangler secret put SEALING_SECRET)',
    )
  }
  return problems
}

function isHttpOrigin(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
}
