import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import { createTokenReplayStore } from '../../../worker/storage/objects/token-replay-store.ts'

const settings = env as unknown as Settings

afterEach(() => {
  vi.useRealTimers()
})

describe('a claim', () => {
  const store = createTokenReplayStore(settings.TOKEN_REPLAYS, 'claims')
  const token = (jti: string, configurationId = 'a') => ({
    configurationId,
    jti,
    expiresAt: Date.now() / 1000 + 300,
  })

  test('is the first exactly once, however many come at the same time', async () => {
    const claims = await Promise.all(Array.from({ length: 100 }, () => store.claim(token('herd'))))
    expect(claims.filter((claim) => claim === 'first')).toHaveLength(1)
  })

  test('of another token or another configuration is another claim', async () => {
    expect(await store.claim(token('x'))).toBe('first')
    expect(await store.claim(token('y'))).toBe('first')
    expect(await store.claim(token('x', 'b'))).toBe('first')
    expect(await store.claim(token('x'))).toBe('seen')
  })
})

describe('what was claimed', () => {
  const claim = (digest: string, seconds: number) => ({
    digest,
    expiresAtMs: Date.now() + seconds * 1000,
  })

  test('is known after a restart', async () => {
    const shard = () => settings.TOKEN_REPLAYS.getByName('restart')
    expect(await shard().claim(claim('d', 60))).toBe('first')
    await expect(
      runInDurableObject(shard(), (_object, state) => state.abort('restart')),
    ).rejects.toThrow()
    expect(await shard().claim(claim('d', 60))).toBe('seen')
  })

  test('is forgotten by an alarm once it has expired, and not before', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
    const shard = settings.TOKEN_REPLAYS.getByName('forgotten')
    await shard.claim(claim('short', 600))
    await shard.claim(claim('long', 601))
    vi.setSystemTime(1_800_000_600_001)
    await runDurableObjectAlarm(shard)
    const kept = await runInDurableObject(shard, (_object, state) =>
      state.storage.sql.exec('SELECT digest FROM used_token').toArray(),
    )
    expect(kept).toEqual([{ digest: 'long' }])
    // A request that came in time and was held back since.
    expect(await shard.claim(claim('short', -1))).toBe('seen')
    vi.setSystemTime(1_800_001_200_000)
    await runDurableObjectAlarm(shard)
    const alarm = await runInDurableObject(shard, (_object, state) => state.storage.getAlarm())
    expect(alarm).toBeNull()
  })
})
