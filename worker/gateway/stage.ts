/** What a stage of the journey is: it looks at the exchange and either answers the request or lets it go on. */
import type { DetectorName } from '../settings.ts'
import type {
  describeVerified,
  openSerials,
  readAuthorityBundle,
  verifyClientCertificate,
} from '#engines/certificates'
import type { RateQuota } from '#engines/session-rules'
import type { HashedText } from '#engines/sessions'
import type { Jwk } from '#engines/tokens'
import type { KeySourceReader, SessionStore, TokenReplayStore } from '../storage/ports.ts'
import type { TokenConfiguration } from '../storage/resources/tokens.ts'
import type { SchemaStore } from './schema-store.ts'
import type { BlockMemory } from './sessions/block-memory.ts'
import type { GatewayRule } from './rules.ts'
import type { Exchange } from './exchange.ts'

/** What the data plane needs of the certificate engine. */
export type CertificateEngine = {
  readonly readAuthorityBundle: typeof readAuthorityBundle
  readonly verifyClientCertificate: typeof verifyClientCertificate
  readonly describeVerified: typeof describeVerified
  readonly openSerials: typeof openSerials
}

/** When a request came, and how work goes on after its answer. */
export type Moment = {
  readonly nowMs: number
  readonly later: (work: Promise<unknown>) => void
}

/** What judging tokens needs beyond the request. */
export type TokenPorts = {
  /** Keys that are fetched from elsewhere. */
  readonly keys: KeySourceReader
  readonly replays: TokenReplayStore
  /** Opens the secrets of symmetric keys. Throws when they do not open. */
  readonly open: (configuration: TokenConfiguration) => Promise<readonly Jwk[]>
  readonly wait: (ms: number) => Promise<unknown>
}

export type GatewayPorts = {
  /** The only way to the protected API. */
  readonly origin: OriginPort
  /** Loads the certificate engine at the first client certificate; it is too heavy for start-up. */
  readonly certificates: () => Promise<CertificateEngine>
  readonly tokens: TokenPorts
  /** The validators of operations, kept over snapshots. */
  readonly schemas: SchemaStore
  /** 32 hex digits that say nothing of the text; null when the deployment has no secret to key them with. */
  readonly keyedHash: (text: HashedText) => Promise<string | null>
  /** Counters and memories of sessions. */
  readonly sessions: Pick<SessionStore, 'visit' | 'settle'>
  /** Who is known to be blocked, so that a flood is not a flood of questions. */
  readonly blocks: BlockMemory
  /** Cloudflare's own rate limiting (per location), by limit and period; null where the deployment has no such binding. */
  readonly approximateLimit: (limit: number, periodSeconds: number) => ApproximateLimit | null
  /** Whether to measure something of this request that no rule asks for; true for one in so many. */
  readonly isSampled: (oneIn: number) => boolean
  readonly nowMs: () => number
  /** Detectors that let a request pass when they break; all others stop it. */
  readonly failOpen: ReadonlySet<DetectorName>
}

/** https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/ */
type ApproximateLimit = {
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>
}

/** `base` is scheme and authority as the client asked for them; where the request really goes is the port's affair. */
export type OriginPort = (base: string, target: string, init: RequestInit) => Promise<Response>

/** Why the shield itself answers. Every kind has its status in rejection.ts. */
export type Rejection =
  | { readonly kind: 'rule'; readonly rule: GatewayRule }
  | { readonly kind: 'rate_limited'; readonly rule: GatewayRule; readonly quota: RateQuota }
  | { readonly kind: 'unexpected_body' }
  | { readonly kind: 'url_too_long'; readonly characters: number }
  | ({ readonly kind: 'detector_failed' } & DetectorFailure)
  | { readonly kind: 'origin_unreachable'; readonly cause: string }
  | { readonly kind: 'configuration_unavailable'; readonly cause: string }
  | { readonly kind: 'internal_error'; readonly stage: string; readonly cause: string }

export type Outcome =
  | { readonly kind: 'go_on' }
  /** `originMs`: from handing over the request until the headers of the response came, in whole milliseconds. */
  | { readonly kind: 'answered'; readonly response: Response; readonly originMs: number }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }

/** A detector that threw, so that nothing is known of what it judges. */
export type DetectorFailure = { readonly detector: DetectorName; readonly cause: string }

export type Stage = {
  readonly name: string
  run(exchange: Exchange, ports: GatewayPorts): Outcome | Promise<Outcome>
}

export const GO_ON: Outcome = { kind: 'go_on' }
