import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import { partKey, pointerKey } from '../../../worker/storage/keys.ts'
import type { Pointer } from '../../../worker/storage/objects/publication.ts'
import type { Zone } from '../../../worker/storage/objects/zone.ts'
import { createZoneStore } from '../../../worker/storage/objects/zone-store.ts'
import type { Put, ZoneStore } from '../../../worker/storage/ports.ts'

const settings = env as unknown as Settings

/** All zones of the tests publish under the one zone id of the settings, so each reads what it just published. */
function zone(name: string) {
  const store = createZoneStore(settings.ZONE, name)
  return { store, object: settings.ZONE.getByName(name) }
}

const operation = (id: string): Put => ({
  collection: 'operation',
  id,
  body: { operation_id: id, method: 'GET', host: 'a.example', endpoint: '/', last_updated: '' },
})

const association = (id: string): Put => ({
  collection: 'hostname_association',
  id,
  body: { certificate_authority_id: id, hostnames: [] },
})

async function commit(store: ZoneStore, puts: readonly Put[]) {
  const { version } = await store.read({})
  return store.commit({ basedOn: version, puts, deletes: [], actor: 'test', action: 'test' })
}

async function pointer(): Promise<Pointer> {
  const found = await settings.CONFIGURATION.get<Pointer>(pointerKey(settings.ZONE_ID), 'json')
  if (found === null) throw new Error('nothing is published')
  return found
}

async function part(collection: string): Promise<unknown> {
  const digest = (await pointer()).parts[collection] ?? ''
  return settings.CONFIGURATION.get(partKey(settings.ZONE_ID, digest), 'json')
}

/** Changes a document behind the object's back: whoever reads its collection again sees it. */
async function tamper(object: DurableObjectStub<Zone>, collection: string) {
  await runInDurableObject(object, async (_instance, state) => {
    state.storage.sql.exec(
      `UPDATE document SET body = replace(body, '[]', '["tampered"]') WHERE collection = ?`,
      collection,
    )
    await state.storage.sync()
  })
}

describe('a publication', () => {
  test('reads and hashes only the collections that changed since the last one', async () => {
    const { store, object } = zone('publication-changed')
    await commit(store, [operation('a'), association('ca')])
    const before = await pointer()
    await tamper(object, 'hostname_association')
    await commit(store, [operation('b')])
    const after = await pointer()
    expect(after.version).toBe(before.version + 1)
    expect(after.parts['hostname_association']).toBe(before.parts['hostname_association'])
    expect(await part('operation')).toMatchObject([{ operation_id: 'a' }, { operation_id: 'b' }])
    await commit(store, [association('another')])
    expect(await part('hostname_association')).toMatchObject([
      { hostnames: ['tampered'] },
      { hostnames: [] },
    ])
  })

  test('carries a deletion', async () => {
    const { store } = zone('publication-deletion')
    await commit(store, [operation('a'), operation('b')])
    const deletes = [{ collection: 'operation', id: 'a' } as const]
    await store.commit({ basedOn: 1, puts: [], deletes, actor: 'test', action: 'test' })
    expect(await part('operation')).toMatchObject([{ operation_id: 'b' }])
  })

  test('of a new format reads everything again', async () => {
    const { store, object } = zone('publication-format')
    await commit(store, [operation('a'), association('ca')])
    await tamper(object, 'hostname_association')
    await runInDurableObject(object, async (_instance, state) => {
      state.storage.sql.exec(`UPDATE counter SET value = 0 WHERE name = 'format'`)
      await state.storage.sync()
      state.abort('a new release')
    }).catch(() => {})
    expect(await settings.ZONE.getByName('publication-format').ensurePublished()).toBe(true)
    expect(await part('hostname_association')).toMatchObject([{ hostnames: ['tampered'] }])
  })

  test('that dies half way is repeated whole by the next instance', async () => {
    const { store, object } = zone('publication-crash')
    await commit(store, [operation('a')])
    const refusing = (key: string) =>
      key === pointerKey(settings.ZONE_ID)
        ? Promise.reject(new Error('KV is down'))
        : settings.CONFIGURATION.put(key, '[]')
    await replaceKv(object, { put: refusing })
    expect(await commit(store, [operation('b'), association('ca')])).toMatchObject({
      published: false,
    })
    await runInDurableObject(object, (_instance, state) => state.abort('crash')).catch(() => {})
    expect(await settings.ZONE.getByName('publication-crash').ensurePublished()).toBe(true)
    const { version, parts } = await pointer()
    expect(version).toBe(2)
    const text = JSON.stringify([{ certificate_authority_id: 'ca', hostnames: [] }])
    expect(parts['hostname_association']).toBe(await sha256(text))
  })

  test('during which a commit comes does not hide that commit from the next', async () => {
    const { store, object } = zone('publication-overtaken')
    await commit(store, [operation('a')])
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const kv = settings.CONFIGURATION
    await replaceKv(object, {
      async put(key: string, text: string) {
        await held
        await kv.put(key, text)
      },
    })
    const first = commit(store, [operation('b')])
    // The first commit is written before its publication begins to wait for KV.
    await expect.poll(async () => (await store.read({})).version).toBe(2)
    const second = commit(store, [operation('c')])
    await expect.poll(async () => (await store.read({})).version).toBe(3)
    letGo()
    expect(await Promise.all([first, second])).toMatchObject([
      { published: true },
      { published: true },
    ])
    expect(await pointer()).toMatchObject({ version: 3 })
    expect(await part('operation')).toHaveLength(3)
  })
})

describe('an outline', () => {
  test('has the members asked for, in the order of creation', async () => {
    const { store } = zone('outline')
    await commit(store, [operation('b'), operation('a')])
    expect(await store.outline('operation', ['operation_id', 'host'])).toEqual([
      { operation_id: 'b', host: 'a.example' },
      { operation_id: 'a', host: 'a.example' },
    ])
    expect(await store.outline('ruleset', ['id'])).toEqual([])
    expect(await store.count('operation')).toBe(2)
    expect(await store.count('ruleset')).toBe(0)
  })

  test('and the count know a document that fills several rows as one', async () => {
    const { store } = zone('outline-large')
    const source = 'x'.repeat(1_200_000)
    await commit(store, [
      { collection: 'schema_source', id: 's', body: { schema_id: 's', source } },
      { collection: 'schema_source', id: 't', body: { schema_id: 't', source } },
    ])
    expect(await store.outline('schema_source', ['schema_id'])).toEqual([
      { schema_id: 's' },
      { schema_id: 't' },
    ])
    expect(await store.count('schema_source')).toBe(2)
  })
})

async function replaceKv(object: DurableObjectStub<Zone>, kv: object) {
  await runInDurableObject(object, (instance) => {
    const holder = instance as unknown as { env: Settings }
    holder.env = { ...holder.env, CONFIGURATION: kv as KVNamespace }
  })
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
