/**
 * What the planes ask of storage. Each method says what it promises and how it fails; the adapters beside this
 * file (kv/, objects/) say what their store cannot promise.
 */
import type { PublishedZone } from './collections.ts'
import type { EventQuery, SecurityEvent } from './events.ts'
import type { Collection, Resources } from './resources.ts'

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

export type EventStore = {
  /** Keeps the events, dropping the oldest beyond the store's bound. */
  record(events: readonly SecurityEvent[]): Promise<void>
  /** Newest first. */
  list(query: EventQuery): Promise<readonly SecurityEvent[]>
}

/** The text of one seed file, by its path in the repository. */
export type SeedFile = { readonly path: string; readonly content: string }

export type SeedStore = {
  read(): Promise<readonly SeedFile[] | null>
  write(files: readonly SeedFile[]): Promise<void>
}
