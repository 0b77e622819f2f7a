/** What a Session object may forget when it is restarted, or when strangers fill it: never what would let somebody in again. */
import { env, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import type { Session } from '../../../worker/storage/objects/session.ts'
import { createSessionStore } from '../../../worker/storage/objects/session-store.ts'
import type { MeterClaim } from '#engines/session-rules'

const settings = env as unknown as Settings

let zones = 0
/** A home, and its object with nothing in it. */
function newHome() {
  zones += 1
  const zone = `eviction-${zones}`
  const home = '0'.repeat(32)
  const store = createSessionStore(settings.SESSIONS, zone)
  const object = (): DurableObjectStub<Session> => settings.SESSIONS.getByName(`${zone}:0`)
  return { home, store, object }
}

function claim(meter: string, limit: number): MeterClaim {
  const terms = { limit, periodMs: 3_600_000, timeoutMs: 0 }
  return { meter, terms, cost: 1, isChecked: true, isFinal: false }
}

/** As when the process dies, or the platform puts an idle object away. */
async function restart(object: DurableObjectStub<Session>): Promise<void> {
  const aborted = runInDurableObject(object, (_object, state) => state.abort('restart'))
  await expect(aborted).rejects.toThrow()
}

test('thousands of counters that have to be written make room one after another', async () => {
  const { home, store } = newHome()
  const claims = Array.from({ length: 6_000 }, (_, n) => claim(`${home}:rule:${n}`, 8))
  const { meters } = await store.visit({ home, claims, event: null })
  expect(meters).toHaveLength(6_000)
})

test('nobody gets room by pushing his counter out with others of his', async () => {
  const { home, store } = newHome()
  let passed = 0
  for (let round = 0; round < 12; round++) {
    const asked = Array.from({ length: 12 }, () => claim(`${home}:guarded`, 100))
    const { meters } = await store.visit({ home, claims: asked, event: null })
    passed += meters.filter((meter) => meter?.isRefused === false).length
    const others = Array.from({ length: 4_200 }, (_, n) => claim(`${home}:by-path:${n}`, 1_000))
    await store.visit({ home, claims: others, event: null })
  }
  expect(passed).toBe(100)
})

test('an object that was idle has everything on disk', async () => {
  const { home, store, object } = newHome()
  const claims = [claim(`${home}:guarded`, 100)]
  await store.visit({ home, claims, event: null })
  await new Promise((resolve) => setTimeout(resolve, 7_500))
  await restart(object())
  const { meters } = await store.report(home)
  expect(meters).toMatchObject([{ marks: [{ count: 1 }] }])
})

test('restarts do not put off the cleaning', async () => {
  const { home, store, object } = newHome()
  const strict = { home, claims: [claim(`${home}:a`, 1)], event: null }
  await store.visit(strict)
  const alarmOf = () => runInDurableObject(object(), (_object, state) => state.storage.getAlarm())
  const first = await alarmOf()
  await restart(object())
  await new Promise((resolve) => setTimeout(resolve, 20))
  await store.visit({ ...strict, claims: [claim(`${home}:b`, 1)] })
  expect(await alarmOf()).toBe(first)
})

test('all counters of one key can be forgotten', async () => {
  const { home, store, object } = newHome()
  const claims = Array.from({ length: 250 }, (_, n) => claim(`${home}:rule:${n}`, 1))
  await store.visit({ home, claims, event: null })
  await restart(object())
  expect((await store.report(home)).meters).toHaveLength(100)
  await store.forget(home)
  const { meters } = await store.visit({ home, claims, event: null })
  expect(meters.filter((meter) => meter?.isRefused === true)).toHaveLength(0)
})

test('limits that were reached outlast any number of other counters', async () => {
  const { home, store, object } = newHome()
  const reached = { home, claims: [claim(`${home}:guarded`, 1)], event: null }
  await store.visit(reached)
  for (let round = 0; round < 8; round++) {
    const claims = Array.from({ length: 4_000 }, (_, n) => ({
      ...claim(`${home}:r${round}:${n}`, 2),
      terms: { limit: 4, periodMs: 7_200_000, timeoutMs: 0 },
    }))
    await store.visit({ home, claims, event: null })
  }
  await restart(object())
  const { meters } = await store.visit(reached)
  expect(meters).toMatchObject([{ isRefused: true }])
})

test('a session too large to be written keeps no other from being written', async () => {
  const { home, store, object } = newHome()
  const other = `${home.slice(0, 31)}1`
  const pattern = {
    id: 'large',
    fingerprint: 'f',
    kind: 'require' as const,
    steps: [
      { withinMs: null, immediately: false, atMost: null, keeps: ['name'] },
      { withinMs: null, immediately: false, atMost: null, keeps: [] },
    ],
  }
  const eventOf = (session: string, value: string) => {
    const moves = [{ step: 0, values: { name: value } }]
    return {
      session,
      operation: 'look',
      twoSteps: [],
      patterns: [{ pattern, moves, breaks: [], isFinal: true }],
      isLasting: false,
      variables: null,
      request: null,
    }
  }
  for (let n = 0; n < 32; n++) {
    await store.visit({ home, claims: [], event: eventOf(home, `${n}`.padEnd(100_000)) })
  }
  await store.visit({ home: other, claims: [], event: eventOf(other, 'small') })
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  await restart(object())
  const { memory } = await store.report(other)
  expect(memory?.history?.number).toBe(1)
})
