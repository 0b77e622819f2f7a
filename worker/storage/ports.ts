/**
 * What the planes ask of storage. Each method says what it promises and how it fails; the adapters beside this
 * file (kv/, objects/) say what their store cannot promise.
 */
import type { ResponsesProfile, SchemaProfile } from '#engines/openapi'
import type { Result } from '#engines/result'
import type { SessionSettlement, SessionVisit, VisitAnswer } from '#engines/session-rules'
import type { Jwk } from '#engines/tokens'
import type { PublishedZone } from './collections.ts'
import type { EventQuery, SecurityEvent } from './events.ts'
import type { GraphqlObserved, GraphqlPlaceTimes, GraphqlUse } from './graphql-use.ts'
import type { Collection, Resources } from './resources.ts'
import type { KeySource } from './resources/tokens.ts'
import type { SessionReport } from './session-report.ts'

/** Which documents to read: a whole collection, or the named ids of it. */
export type Selection = { readonly [C in Collection]?: 'all' | readonly string[] }

/** Documents by collection in the order of their creation; a collection not asked for is empty. */
export type Documents = { readonly [C in Collection]: readonly Resources[C][] }

type Reading = { readonly version: number; readonly documents: Documents }

export type Put = {
  readonly [C in Collection]: {
    readonly collection: C
    readonly id: string
    readonly body: Resources[C]
  }
}[Collection]

export type Delete = { readonly collection: Collection; readonly id: string }

type Change = {
  /** The version the change was computed from; another writer in between makes it a conflict. */
  readonly basedOn: number
  readonly puts: readonly Put[]
  readonly deletes: readonly Delete[]
  /** For the audit log: who, and which management call. */
  readonly actor: string
  readonly action: string
}

type Commit =
  | { readonly outcome: 'committed'; readonly version: number; readonly published: boolean }
  | { readonly outcome: 'conflict'; readonly version: number }

export type AuditEntry = {
  readonly version: number
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly changes: readonly { readonly resource: string; readonly change: 'put' | 'delete' }[]
}

/** The zone's configuration: the single writer. Methods throw when the object cannot be reached. */
export type ZoneStore = {
  /** A consistent view of the selected documents and the version they belong to. */
  read(selection: Selection): Promise<Reading>
  /** How many documents a collection has. Within a transaction's decision it is as exact as what was read. */
  count(collection: Collection): Promise<number>
  /** All documents of a collection in the order of their creation, with the named members alone: for what is too much to read. */
  outline<C extends Collection, K extends keyof Resources[C] & string>(
    collection: C,
    members: readonly K[],
  ): Promise<readonly Pick<Resources[C], K>[]>
  /** All of the change or none. `committed` means durable; `published: false` means that the data plane will see it late. */
  commit(change: Change): Promise<Commit>
  /** The newest entries first. */
  audit(limit: number): Promise<readonly AuditEntry[]>
}

/** One published state of the zone. Equal digests mean equal parts. */
export type RawSnapshot = {
  readonly version: number
  readonly parts: PublishedZone
}

export type SnapshotSource = {
  /** The newest published snapshot, `null` when it is the one already known. Throws when it cannot be had whole. */
  newest(knownVersion: number | null): Promise<RawSnapshot | null>
}

/** Where snapshots really come from. */
export type PublishedSnapshots = SnapshotSource & {
  /** What the single writer says, past every copy. Throws when it cannot be reached. */
  truth(): Promise<RawSnapshot>
}

/** The parts of compiled schemas, each by the SHA-256 of its text; a part never changes. */
export type SchemaPartSource = {
  /** Throws when it cannot be had. */
  read(digest: string): Promise<SchemaPart>
}

export type SchemaPart = {
  /** Of requests or of responses, as the index that names it says. */
  readonly profile: SchemaProfile | ResponsesProfile
  /** Length of its text. */
  readonly characters: number
}

export type EventStore = {
  /** Keeps the events, dropping the oldest beyond the store's bound. */
  record(events: readonly SecurityEvent[]): Promise<void>
  /** Newest first. */
  list(query: EventQuery): Promise<readonly SecurityEvent[]>
}

/** Counts of GraphQL queries. */
export type GraphqlUseStore = {
  /** Adds to what is there. */
  record(uses: readonly GraphqlObserved[]): Promise<void>
  /** Of the last thirty days, in no order; a day and place may come once only. */
  read(): Promise<readonly GraphqlUse[]>
  /** Of the last thirty days, in no order; the places with the most requests are among them. */
  readTimes(query: GraphqlTimesQuery): Promise<readonly GraphqlPlaceTimes[]>
}

export type GraphqlTimesQuery = {
  /** So many places are read at least, where there are as many; a few times as many at most. */
  readonly placesMax: number
  /** Times by cost are of this day and later ones; `null`: of none. */
  readonly costsFromDay: number | null
}

/** The text of one seed file, by its path in the repository. */
export type SeedFile = { readonly path: string; readonly content: string }

export type SeedStore = {
  read(): Promise<readonly SeedFile[] | null>
  write(files: readonly SeedFile[]): Promise<void>
}

/** What is known of the keys of a token configuration that come from elsewhere. Times are ISO 8601. */
export type KeySourceStatus = {
  readonly keys: readonly { readonly kid?: string; readonly alg?: string; readonly kty: string }[]
  readonly fetched_at: string | null
  readonly next_refresh_at: string | null
  readonly last_failure: { readonly at: string; readonly message: string } | null
}

/** Fetches and keeps the keys of token configurations. `id` is that of the configuration. */
export type KeySourcePort = {
  /** Fetches now and keeps what came; says what is wrong when nothing usable did. */
  refresh(
    id: string,
    source: KeySource,
  ): Promise<
    Result<{ readonly keys: number; readonly fetchedAt: string }, { readonly message: string }>
  >
  /** `null` when this source was never asked. */
  status(id: string, source: KeySource): Promise<KeySourceStatus | null>
}

/** The keys as the data plane asks for them. Throws when the object cannot be reached. */
export type KeySourceReader = {
  current(request: KeysRequest): Promise<KeysReading>
}

export type KeysRequest = {
  readonly configurationId: string
  readonly source: KeySource
  /** Digest of the keys that the reader has. */
  readonly known: string | null
  /** A key id that the reader has not got: the source is asked again unless it is there, as often as its bound allows. */
  readonly wanted: string | null
}

export type KeysReading =
  | { readonly outcome: 'unchanged'; readonly fetchedAtMs: number }
  | {
      readonly outcome: 'keys'
      /** Equal digests mean equal keys. */
      readonly digest: string
      readonly keys: readonly Jwk[]
      readonly fetchedAtMs: number
    }
  /** They were never fetched, or too long ago. */
  | { readonly outcome: 'unavailable'; readonly message: string }

/** Remembers tokens that may be used once. Throws when the object cannot be reached. */
export type TokenReplayStore = {
  /** Whether this is the first claim, however many come at once; remembered until the token has expired. */
  claim(token: OneTimeToken): Promise<'first' | 'seen'>
}

type OneTimeToken = {
  readonly configurationId: string
  readonly jti: string
  /** Seconds since 1970, the tolerance of clocks included. */
  readonly expiresAt: number
}

/** Counters and memories of sessions, exact over all isolates. Methods throw when the object cannot be reached. */
export type SessionStore = {
  /** Counts a request and remembers it, unless it is refused. What was refused stays so after a crash. */
  visit(visit: SessionVisit): Promise<VisitAnswer>
  settle(settlement: SessionSettlement): Promise<void>
  /** `key` is the keyed hash of a session's identifier, or of a client's network. */
  report(key: string): Promise<SessionReport>
  forget(key: string): Promise<void>
}
