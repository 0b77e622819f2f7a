/** What the control plane needs from outside; app.ts supplies it. */
import type { RemotePorts } from '../remote/document.ts'
import type { Settings } from '../settings.ts'
import type {
  EventStore,
  GraphqlUseStore,
  KeySourcePort,
  SeedStore,
  SessionStore,
  ZoneStore,
} from '../storage/ports.ts'

export type ManagementPorts = {
  readonly zone: ZoneStore
  readonly events: EventStore
  /** Counts of GraphQL queries. */
  readonly graphqlUses: GraphqlUseStore
  readonly seed: SeedStore
  /** For what operators' URLs name. */
  readonly remote: RemotePorts
  /** The keys of token configurations that come from elsewhere. */
  readonly keySources: KeySourcePort
  /** Counters and memories of sessions. */
  readonly sessions: Pick<SessionStore, 'report' | 'forget'>
  readonly settings: Settings
  readonly nowMs: () => number
  readonly random: (bytes: number) => Uint8Array<ArrayBuffer>
  readonly uuid: () => string
  /** After a committed change: the data plane of this isolate reloads at once. */
  readonly changed: () => Promise<void>
  /** Events still in this isolate's buffer become readable. */
  readonly flushEvents: () => Promise<void>
  /** So do counts of GraphQL queries. */
  readonly flushGraphqlUse: () => Promise<void>
}
