import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import { createSnapshotSource } from '../../../worker/storage/kv/snapshot-source.ts'
import { partKey, pointerKey } from '../../../worker/storage/keys.ts'
import { createZoneStore } from '../../../worker/storage/objects/zone-store.ts'
import type { Put, ZoneStore } from '../../../worker/storage/ports.ts'

const settings = env as unknown as Settings
const operation = (n: number): Put => ({
  collection: 'operation',
  id: `op-${n}`,
  body: {
    operation_id: `op-${n}`,
    method: 'GET',
    host: 'a.example',
    endpoint: `/${n}`,
    last_updated: '',
  },
})

const down = () => Promise.reject(new Error('KV is down'))
const DEAD_KV = { get: down, put: down } as unknown as KVNamespace

/** Each test has a zone of its own. */
function zone(name: string) {
  const store = createZoneStore(settings.ZONE, name)
  return { store, object: settings.ZONE.getByName(name) }
}

async function commit(store: ZoneStore, puts: readonly Put[], basedOn?: number) {
  const base = basedOn ?? (await store.read({})).version
  return store.commit({ basedOn: base, puts, deletes: [], actor: 'test', action: 'test' })
}

describe('a commit', () => {
  test('is readable at once, in the order of creation, and replaced in place', async () => {
    const { store } = zone('order')
    await commit(store, [operation(2), operation(1)])
    await commit(store, [operation(2), operation(3)])
    const { documents, version } = await store.read({ operation: 'all' })
    expect(documents.operation.map((o) => o.operation_id)).toEqual(['op-2', 'op-1', 'op-3'])
    expect(version).toBe(2)
  })

  test('based on an older version is a conflict and changes nothing', async () => {
    const { store } = zone('conflict')
    await commit(store, [operation(1)])
    expect(await commit(store, [operation(2)], 0)).toEqual({ outcome: 'conflict', version: 1 })
    const { documents } = await store.read({ operation: 'all' })
    expect(documents.operation).toHaveLength(1)
  })

  test('by two writers at once succeeds for exactly one of them', async () => {
    const { store } = zone('two-writers')
    const outcomes = await Promise.all([
      commit(store, [operation(1)], 0),
      commit(store, [operation(2)], 0),
    ])
    expect(outcomes.map((o) => o.outcome).toSorted()).toEqual(['committed', 'conflict'])
  })

  test('larger than a row, cut inside an emoji, comes back unchanged', async () => {
    const { store } = zone('large')
    const source = `${'x'.repeat(499_970)}${'😀'.repeat(300_000)}`
    await commit(store, [
      { collection: 'schema_source', id: 's', body: { schema_id: 's', source } },
    ])
    const { documents } = await store.read({ schema_source: ['s'] })
    expect(documents.schema_source[0]?.source === source).toBe(true)
  })

  test('is in the audit log by name, never with its content', async () => {
    const { store } = zone('audit')
    await commit(store, [
      { collection: 'authority_key', id: 'ca', body: { id: 'ca', sealed_private_key: 'secret' } },
    ])
    const entries = await store.audit(10)
    expect(entries).toMatchObject([
      {
        version: 1,
        actor: 'test',
        action: 'test',
        changes: [{ resource: 'authority_key/ca', change: 'put' }],
      },
    ])
    expect(JSON.stringify(entries)).not.toContain('secret')
  })
})

describe('publication', () => {
  test('carries published collections to KV under the digest of their text', async () => {
    const { store } = zone(settings.ZONE_ID)
    const done = await commit(store, [operation(1)])
    expect(done).toMatchObject({ outcome: 'committed', published: true })
    const pointer = await settings.CONFIGURATION.get<{ parts: Record<string, string> }>(
      pointerKey(settings.ZONE_ID),
      'json',
    )
    const digest = pointer?.parts['operation'] ?? ''
    const part = await settings.CONFIGURATION.get(partKey(settings.ZONE_ID, digest), 'json')
    expect(part).toMatchObject([{ operation_id: 'op-1' }])
    expect(Object.keys(pointer?.parts ?? {})).not.toContain('authority_key')
  })

  test('that KV refuses loses nothing: the commit stands and a later publication carries it', async () => {
    const { store, object } = zone('kv-down')
    const working = await runInDurableObject(object, (instance) => {
      const zoneEnv = (instance as unknown as { env: Settings }).env
      ;(instance as unknown as { env: Settings }).env = {
        ...zoneEnv,
        CONFIGURATION: DEAD_KV,
      }
      return zoneEnv
    })
    expect(await commit(store, [operation(1)])).toMatchObject({
      outcome: 'committed',
      published: false,
    })
    expect((await store.read({ operation: 'all' })).documents.operation).toHaveLength(1)
    await runInDurableObject(object, async (instance, state) => {
      expect(await state.storage.getAlarm()).not.toBeNull()
      ;(instance as unknown as { env: Settings }).env = working
      await (instance as unknown as { alarm(): Promise<void> }).alarm()
      expect(await state.storage.getAlarm()).toBeNull()
    })
    expect(await object.ensurePublished()).toBe(true)
  })
})

describe('a snapshot source', () => {
  const zoneId = 'source'
  const source = (kv: KVNamespace = settings.CONFIGURATION) =>
    createSnapshotSource({ kv, zoneId, fallback: () => settings.ZONE.getByName(zoneId).snapshot() })

  test('asks the Zone object when KV has nothing', async () => {
    const { store } = zone(zoneId)
    await commit(store, [operation(1)])
    const raw = await source().newest(null)
    expect(raw?.parts.operation).toHaveLength(1)
  })

  test('asks the Zone object when KV cannot be reached', async () => {
    const raw = await source(DEAD_KV).newest(null)
    expect(raw?.version).toBe(1)
  })

  test('refuses a pointer whose parts are missing, naming the part', async () => {
    await settings.CONFIGURATION.put(
      pointerKey(zoneId),
      JSON.stringify({ version: 9, parts: { operation: 'gone' } }),
    )
    await expect(source().newest(1)).rejects.toThrow('snapshot 9: part operation is not there yet')
  })

  test('answers null for the version that is known', async () => {
    await settings.CONFIGURATION.put(pointerKey(zoneId), JSON.stringify({ version: 9, parts: {} }))
    expect(await source().newest(9)).toBeNull()
  })
})
