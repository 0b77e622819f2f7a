/** The parts of schemas on their way from a change to a reader: before the pointer, once, and not longer than needed. */
import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import type { SchemaProfile } from '#engines/openapi'
import type { Settings } from '../../../worker/settings.ts'
import { sha256Hex } from '../../../worker/storage/digest.ts'
import { partKey, pointerKey } from '../../../worker/storage/keys.ts'
import { createSchemaPartSource } from '../../../worker/storage/kv/schema-part-source.ts'
import { createZoneStore } from '../../../worker/storage/objects/zone-store.ts'
import type { Delete, Put, ZoneStore } from '../../../worker/storage/ports.ts'
import { schemaPartId } from '../../../worker/storage/schema-part-id.ts'

const settings = env as unknown as Settings
const { CONFIGURATION: kv, ZONE_ID: zoneId } = settings

function zone(name: string) {
  return { store: createZoneStore(settings.ZONE, name), object: settings.ZONE.getByName(name) }
}

type Change = { readonly puts?: readonly Put[]; readonly deletes?: readonly Delete[] }

async function commit(store: ZoneStore, { puts = [], deletes = [] }: Change) {
  const { version } = await store.read({})
  return store.commit({ basedOn: version, puts, deletes, actor: 'test', action: 'test' })
}

const partOf = (title: string): SchemaProfile => ({ operations: {}, schemas: { S: { title } } })

/** A stored schema whose parts have these titles, and their digests. */
async function schemaOf(id: string, titles: readonly string[], isEnabled = true) {
  const parts = await Promise.all(
    titles.map(async (title) => {
      const body = partOf(title)
      return { digest: await sha256Hex(JSON.stringify(body)), body }
    }),
  )
  const digests = parts.map(({ digest }) => digest)
  const body = {
    schema_id: id,
    created_at: '',
    validation_enabled: isEnabled,
    format: 1,
    operation_keys: {},
    response_part_numbers: {},
    part_numbers: {},
    parts: digests,
    source_sha256: '',
    source_characters: 0,
    parts_characters: 0,
    index_characters: 0,
  }
  const puts: readonly Put[] = [
    { collection: 'schema_profile', id, body },
    ...parts.map((part): Put => ({
      collection: 'schema_profile_part',
      id: schemaPartId(part.digest, id),
      body: part.body,
    })),
  ]
  return { puts, digests }
}

type Pointer = { readonly version: number; readonly parts: { readonly [name: string]: string } }

const pointer = () => kv.get<Pointer>(pointerKey(zoneId), 'json')
const inKv = (digest: string) => kv.get<SchemaProfile>(partKey(zoneId, digest), 'json')

async function replaceKv(object: DurableObjectStub, changed: object) {
  await runInDurableObject(object, (instance) => {
    const holder = instance as unknown as { env: Settings }
    holder.env = { ...holder.env, CONFIGURATION: changed as KVNamespace }
  })
}

/** As if everything that was superseded had been for longer than an hour. */
async function anHourPasses(object: DurableObjectStub) {
  await runInDurableObject(object, async (_instance, state) => {
    state.storage.sql.exec(
      'UPDATE published_part SET superseded_at_ms = superseded_at_ms - 3600001',
    )
    await state.storage.sync()
  })
}

describe('the parts of a schema', () => {
  test('are in KV under the digest of their text when the change is acknowledged, and not in the snapshot', async () => {
    const { store } = zone('schema-parts-published')
    const { puts, digests } = await schemaOf('s', ['one', 'two'])
    expect(await commit(store, { puts })).toMatchObject({ published: true })
    for (const [number, digest] of digests.entries()) {
      const text = (await kv.get(partKey(zoneId, digest))) ?? ''
      expect(await sha256Hex(text)).toBe(digest)
      expect(text).toBe(JSON.stringify(partOf(number === 0 ? 'one' : 'two')))
    }
    const index = await kv.get(partKey(zoneId, (await pointer())?.parts['schema_profile'] ?? ''))
    expect(index).toContain(digests[0])
    expect(index).not.toContain('"title"')
    expect((await pointer())?.parts).not.toHaveProperty('schema_profile_part')
  })

  test('of a schema that is not enabled stay in the object until it is', async () => {
    const { store } = zone('schema-parts-disabled')
    const { puts, digests } = await schemaOf('s', ['of a disabled one'], false)
    await commit(store, { puts })
    expect(await inKv(digests[0] ?? '')).toBe(null)
    const enabled = await schemaOf('s', ['of a disabled one'])
    await commit(store, { puts: enabled.puts.slice(0, 1) })
    expect(await inKv(digests[0] ?? '')).toEqual(partOf('of a disabled one'))
  })

  test('are written once: a change writes only those that KV does not have, and the pointer last', async () => {
    const { store, object } = zone('schema-parts-once')
    await commit(store, { puts: (await schemaOf('s', ['kept', 'replaced'])).puts })
    const written: string[] = []
    await replaceKv(object, {
      async put(key: string, text: string) {
        written.push(key)
        await kv.put(key, text)
      },
    })
    const { puts, digests } = await schemaOf('s', ['kept', 'new'])
    await commit(store, { puts })
    expect(written).toHaveLength(3)
    expect(written[0]).toBe(partKey(zoneId, digests[1] ?? ''))
    expect(written[2]).toBe(pointerKey(zoneId))
    // A change of something else touches none.
    written.length = 0
    const settingsPut: Put = {
      collection: 'schema_settings',
      id: 'zone',
      body: {
        validation_default_mitigation_action: 'log',
        validation_override_mitigation_action: null,
      },
    }
    await commit(store, { puts: [settingsPut] })
    expect(written).toHaveLength(2)
  })

  test('go an hour after nothing names them any more, and no sooner', async () => {
    const { store, object } = zone('schema-parts-superseded')
    const { puts, digests } = await schemaOf('s', ['stays', 'goes'])
    const [stays = '', goes = ''] = digests
    await commit(store, { puts })
    const next = await schemaOf('s', ['stays'])
    const part: Delete = { collection: 'schema_profile_part', id: schemaPartId(goes, 's') }
    await commit(store, { puts: next.puts, deletes: [part] })
    await commit(store, { puts: (await schemaOf('t', ['another'])).puts })
    expect(await inKv(goes)).toEqual(partOf('goes'))
    await anHourPasses(object)
    await commit(store, { puts: (await schemaOf('u', ['a third'])).puts })
    expect(await inKv(goes)).toBe(null)
    expect(await inKv(stays)).toEqual(partOf('stays'))
  })

  test('survive a publication that dies half way: the pointer stays, and what was written is not written again', async () => {
    const { store, object } = zone('schema-parts-crash')
    await commit(store, { puts: (await schemaOf('s', ['before'])).puts })
    const before = await pointer()
    const titles = Array.from({ length: 9 }, (_, number) => `crash ${number}`)
    const { puts, digests } = await schemaOf('s', titles)
    const last = partKey(zoneId, digests[8] ?? '')
    const refusing = (key: string, text: string) =>
      key === last ? Promise.reject(new Error('KV is down')) : kv.put(key, text)
    await replaceKv(object, { put: refusing })
    expect(await commit(store, { puts })).toMatchObject({ outcome: 'committed', published: false })
    expect(await pointer()).toEqual(before)
    const written: string[] = []
    await runInDurableObject(object, (_instance, state) => state.abort('crash')).catch(() => {})
    const revived = settings.ZONE.getByName('schema-parts-crash')
    await replaceKv(revived, {
      async put(key: string, text: string) {
        written.push(key)
        await kv.put(key, text)
      },
    })
    expect(await revived.ensurePublished()).toBe(true)
    expect(written.filter((key) => key.includes(':part:'))).toContain(last)
    expect(written).not.toContain(partKey(zoneId, digests[0] ?? ''))
    expect(await inKv(digests[8] ?? '')).toEqual(partOf('crash 8'))
  })

  test('are in no audit entry: their schema is', async () => {
    const { store } = zone('schema-parts-audit')
    await commit(store, { puts: (await schemaOf('s', ['one', 'two'])).puts })
    expect((await store.audit(1))[0]?.changes).toEqual([
      { resource: 'schema_profile/s', change: 'put' },
    ])
  })
})

describe('the source of parts', () => {
  const sourceOf = (name: string, reader: object = kv) => {
    const object = settings.ZONE.getByName(name)
    return createSchemaPartSource({
      kv: reader as KVNamespace,
      zoneId,
      fallback: (digest) => object.schemaPart(digest),
    })
  }

  test.each([
    { name: 'does not show it', get: async () => null },
    { name: 'cannot be reached', get: () => Promise.reject(new Error('KV is down')) },
  ])('asks the Zone object when KV $name', async ({ name, get }) => {
    const { store } = zone(`schema-parts-fallback ${name}`)
    const { puts, digests } = await schemaOf('s', ['from the object'])
    await commit(store, { puts })
    const source = sourceOf(`schema-parts-fallback ${name}`, { get })
    expect(await source.read(digests[0] ?? '')).toEqual({
      profile: partOf('from the object'),
      characters: JSON.stringify(partOf('from the object')).length,
    })
  })

  test('finds a part whichever of two schemas has it', async () => {
    const { store, object } = zone('schema-parts-shared')
    const { puts, digests } = await schemaOf('s', ['of both'])
    await commit(store, { puts: [...puts, ...(await schemaOf('t', ['of both'])).puts] })
    const [digest = ''] = digests
    await commit(store, {
      deletes: [
        { collection: 'schema_profile', id: 's' },
        { collection: 'schema_profile_part', id: schemaPartId(digest, 's') },
      ],
    })
    expect(await object.schemaPart(digest)).toBe(JSON.stringify(partOf('of both')))
  })

  test('throws when nobody has it', async () => {
    const source = sourceOf('schema-parts-nobody')
    await expect(source.read('0'.repeat(64))).rejects.toThrow('schema_part_unavailable')
  })
})

describe('a change that is too large for one call', () => {
  const source = (id: string, text: string): Put => ({
    collection: 'schema_source',
    id,
    body: { schema_id: id, source: text },
  })

  test('is stored whole, characters beyond Latin-1 and all', async () => {
    const { store } = zone('large-change')
    // As UTF-16 it would be 40 MB, more than a call carries.
    const large = `${'x'.repeat(20_000_000)}→😀`
    const medium = 'y'.repeat(7_000_000)
    const puts = [source('a', large), source('b', medium), source('c', medium)]
    expect(await commit(store, { puts })).toMatchObject({ outcome: 'committed', version: 1 })
    const { documents } = await store.read({ schema_source: ['a'] })
    expect(documents.schema_source[0]?.source === large).toBe(true)
    expect(await store.count('schema_source')).toBe(3)
  })

  test('is a conflict, to be computed again, when the object lost some of it', async () => {
    const { object, store } = zone('large-change-lost')
    const staged = { change: 'lost', documents: 2 }
    const change = { basedOn: 0, puts: [], deletes: [], actor: 'test', action: 'test', staged }
    expect(await object.commit(change)).toMatchObject({ outcome: 'conflict', version: 0 })
    const half = { collection: 'schema_source', id: 'a', body: '{}' }
    await object.stage('lost', [half])
    expect(await object.commit(change)).toMatchObject({ outcome: 'conflict', version: 0 })
    await object.stage('lost', [half])
    await object.stage('another', [half])
    expect(await object.commit(change)).toMatchObject({ outcome: 'conflict', version: 0 })
    expect(await store.count('schema_source')).toBe(0)
  })
})
