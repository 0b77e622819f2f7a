/** What a stage of the journey is: it looks at the exchange and either answers the request or lets it go on. */
import type { DetectorName } from '../settings.ts'
import type {
  describeVerified,
  openSerials,
  readAuthorityBundle,
  verifyClientCertificate,
} from '#engines/certificates'
import type { SessionIdentity } from '#engines/sessions'
import type { Jwk } from '#engines/tokens'
import type { KeySourceReader, TokenReplayStore } from '../storage/ports.ts'
import type { TokenConfiguration } from '../storage/resources/tokens.ts'
import type { SchemaStore } from './schema-store.ts'
import type { GatewayRule } from './snapshot.ts'
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
  /** The keyed hash of a session's identifier; null when the deployment has no secret to key it with. */
  readonly hashSession: (identity: SessionIdentity) => Promise<string | null>
  /** Whether to measure something of this request that no rule asks for; true for one in so many. */
  readonly isSampled: (oneIn: number) => boolean
  readonly nowMs: () => number
  /** Detectors that let a request pass when they break; all others stop it. */
  readonly failOpen: ReadonlySet<DetectorName>
}

/** `base` is scheme and authority as the client asked for them; where the request really goes is the port's affair. */
export type OriginPort = (base: string, target: string, init: RequestInit) => Promise<Response>

/** Why the shield itself answers. Every kind has its status in rejection.ts. */
export type Rejection =
  | { readonly kind: 'rule'; readonly rule: GatewayRule }
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
