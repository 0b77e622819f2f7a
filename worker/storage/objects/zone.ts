/**
 * The single writer of a zone's configuration. A commit is one SQLite transaction, checked against the version it was
 * computed from; what it acknowledges is durable. Publication to KV follows in the order of the versions and is
 * repeated by an alarm until it succeeds, so a change is never lost between the two.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Settings } from '../../settings.ts'
import { logFailure } from '../../log.ts'
import { appendAudit, type AuditRow, createAuditTable, readAudit } from './audit-log.ts'
import {
  countDocuments,
  createDocumentTable,
  deleteDocument,
  outlineCollection,
  putDocument,
  readCollection,
  readDocument,
  readSchemaPart,
} from './documents.ts'
import {
  createPublicationTable,
  forgetPublished,
  markChanged,
  PUBLICATION_FORMAT,
  publish,
  publishedTexts,
} from './publication.ts'
import { packed, unpacked, type WireDocument } from './wire-document.ts'

/** How long after a failed or interrupted publication the alarm tries again. */
const PUBLICATION_RETRY_MS = 5_000

type CounterName = 'version' | 'published' | 'format'

export type ReadRequest = readonly {
  readonly collection: string
  readonly ids: 'all' | readonly string[]
}[]

export type WireReading = { version: number; documents: WireDocument[] }

export type WireChange = {
  readonly basedOn: number
  readonly puts: readonly WireDocument[]
  /** How many documents were staged before, and under which name. */
  readonly staged: { readonly change: string; readonly documents: number } | null
  readonly deletes: readonly { readonly collection: string; readonly id: string }[]
  readonly actor: string
  readonly action: string
}

type Staged = { readonly change: string; readonly puts: readonly WireDocument[] }

export type WireSnapshot = { version: number; parts: { [collection: string]: string } }

export class Zone extends DurableObject<Settings> {
  /** Documents of a change that is still under way. */
  #staged: Staged | null = null
  /** The last step of the chain of publications; never rejects. */
  #publications: Promise<unknown> = Promise.resolve()

  constructor(state: DurableObjectState, env: Settings) {
    super(state, env)
    state.storage.transactionSync(() => {
      createDocumentTable(this.#sql)
      createAuditTable(this.#sql)
      createPublicationTable(this.#sql)
      this.#sql.exec(
        'CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL)',
      )
      this.#sql.exec(
        `INSERT OR IGNORE INTO counter VALUES ('version', 0), ('published', 0), ('format', 0)`,
      )
      this.#adoptFormat()
    })
  }

  read(request: ReadRequest): WireReading {
    const documents = request.flatMap(({ collection, ids }) =>
      ids === 'all'
        ? readCollection(this.#sql, collection)
        : ids.flatMap((id) => readDocument(this.#sql, collection, id) ?? []),
    )
    return { version: this.#counter('version'), documents: documents.map(packed) }
  }

  count(collection: string): number {
    return countDocuments(this.#sql, collection)
  }

  /** The JSON text of an array: every document of a collection with these members alone. */
  outline(collection: string, members: readonly string[]): string {
    return outlineCollection(this.#sql, collection, members)
  }

  /** The JSON text of a part of a compiled schema, for a reader to whom KV does not show it. */
  schemaPart(digest: string): string | null {
    return readSchemaPart(this.#sql, digest)
  }

  /** Holds documents, in memory alone, for a change that is too large for one call. Lost ones make it a conflict. */
  stage(change: string, puts: readonly WireDocument[]): void {
    // One change at a time is that large; what another left behind goes.
    const held = this.#staged?.change === change ? this.#staged.puts : []
    this.#staged = { change, puts: [...held, ...puts] }
  }

  async commit(
    change: WireChange,
  ): Promise<{ outcome: 'committed' | 'conflict'; version: number; published: boolean }> {
    const version = this.#counter('version')
    const staged = this.#takeStaged(change)
    if (change.basedOn !== version || staged === null) {
      return { outcome: 'conflict', version, published: false }
    }
    const puts = [...staged, ...change.puts]
    const next = version + 1
    // No await between the two: they become durable together. If the process dies before publication, the alarm comes.
    this.ctx.storage.transactionSync(() => this.#write({ ...change, puts }, next))
    const alarm = this.ctx.storage.setAlarm(Date.now() + PUBLICATION_RETRY_MS)
    await alarm
    await this.ctx.storage.sync()
    return { outcome: 'committed', version: next, published: await this.#publishUpTo(next) }
  }

  /** The published state straight from the source, for a reader to whom KV shows nothing. */
  async snapshot(): Promise<WireSnapshot> {
    const version = this.#counter('version')
    return { version, parts: Object.fromEntries(publishedTexts(this.#sql)) }
  }

  /** Publishes what a crash or an unreachable KV left unpublished. Answers whether KV is up to date now. */
  async ensurePublished(): Promise<boolean> {
    return this.#publishUpTo(this.#counter('version'))
  }

  auditEntries(limit: number): AuditRow[] {
    return readAudit(this.#sql, limit)
  }

  override async alarm(): Promise<void> {
    const done = await this.ensurePublished()
    if (!done) await this.ctx.storage.setAlarm(Date.now() + PUBLICATION_RETRY_MS)
  }

  /** A new release may publish what an older one did not: everything is published again then. */
  #adoptFormat(): void {
    if (this.#counter('format') === PUBLICATION_FORMAT) return
    forgetPublished(this.#sql)
    this.#setCounter('published', -1)
    this.#setCounter('format', PUBLICATION_FORMAT)
  }

  /** `null` when they are not all there: a crash or another large change came in between. */
  #takeStaged({ staged }: WireChange): readonly WireDocument[] | null {
    if (staged === null) return []
    const held = this.#staged
    this.#staged = null
    return held?.change === staged.change && held.puts.length === staged.documents
      ? held.puts
      : null
  }

  get #sql(): SqlStorage {
    return this.ctx.storage.sql
  }

  #write(change: WireChange, version: number): void {
    for (const { collection, id } of change.deletes) deleteDocument(this.#sql, collection, id)
    for (const document of change.puts) putDocument(this.#sql, unpacked(document))
    const changed = [...change.deletes, ...change.puts].map(({ collection }) => collection)
    markChanged(this.#sql, new Set(changed), version)
    this.#setCounter('version', version)
    const changes = [
      ...change.deletes.map((document) => ({ ...document, change: 'delete' })),
      ...change.puts.map((document) => ({ ...document, change: 'put' })),
    ]
      // Hundreds of one schema, which is named itself.
      .filter(({ collection }) => collection !== 'schema_profile_part')
      .map(({ collection, id, change: kind }) => ({
        resource: `${collection}/${id}`,
        change: kind,
      }))
    appendAudit(this.#sql, {
      version,
      at_ms: Date.now(),
      actor: change.actor,
      action: change.action,
      changes: JSON.stringify(changes),
    })
  }

  /** Publications run one after another; a later one carries everything an earlier one would have. */
  async #publishUpTo(version: number): Promise<boolean> {
    const attempt = this.#publications.then(async () => {
      if (this.#counter('published') >= version) return true
      const current = this.#counter('version')
      try {
        const ports = { sql: this.#sql, kv: this.env.CONFIGURATION, zoneId: this.env.ZONE_ID }
        await publish(ports, current, Date.now())
      } catch (cause) {
        // Not lost: the alarm repeats it. The log line is for whoever runs the deployment.
        logFailure('publication_failed', cause, { version: current })
        return false
      }
      this.#setCounter('published', current)
      if (this.#counter('version') === current) await this.ctx.storage.deleteAlarm()
      return true
    })
    this.#publications = attempt
    return attempt
  }

  #counter(name: CounterName): number {
    return this.#sql.exec<{ value: number }>('SELECT value FROM counter WHERE name = ?', name).one()
      .value
  }

  #setCounter(name: CounterName, value: number): void {
    this.#sql.exec('UPDATE counter SET value = ? WHERE name = ?', value, name)
  }
}
