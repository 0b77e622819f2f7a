import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { MeterClaim, SessionVisit } from '#engines/session-rules'
import type { Settings } from '../../../worker/settings.ts'
import type { Session } from '../../../worker/storage/objects/session.ts'
import { createSessionStore } from '../../../worker/storage/objects/session-store.ts'

const settings = env as unknown as Settings
const store = createSessionStore(settings.SESSIONS, 'tests')

const START_MS = 1_800_000_000_000

let keys = 0
/** A key that no other test has. */
function newKey(): string {
  keys += 1
  return keys.toString(16).padStart(8, '0').repeat(4)
}

function claim(home: string, changes: Partial<MeterClaim> = {}): MeterClaim {
  return {
    meter: `${home}:rule`,
    terms: { limit: 10, periodMs: 60_000, timeoutMs: 0 },
    cost: 1,
    isChecked: true,
    isFinal: true,
    ...changes,
  }
}

async function isLetThrough(home: string, changes: Partial<MeterClaim> = {}): Promise<boolean> {
  const answer = await store.visit({ home, claims: [claim(home, changes)], event: null })
  return answer.meters[0]?.isRefused === false
}

async function letThrough(home: string, times: number, changes: Partial<MeterClaim> = {}) {
  let passed = 0
  for (let n = 0; n < times; n++) if (await isLetThrough(home, changes)) passed += 1
  return passed
}

function objectOf(home: string): DurableObjectStub<Session> {
  return settings.SESSIONS.getByName(`tests:${Number.parseInt(home.slice(0, 8), 16) % 64}`)
}

/** As when the process dies: what is not on disk is gone. */
async function crash(home: string): Promise<void> {
  const aborted = runInDurableObject(objectOf(home), (_object, state) => state.abort('crash'))
  await expect(aborted).rejects.toThrow()
}

function rowsOf(home: string): Promise<number> {
  return runInDurableObject(
    objectOf(home),
    (_object, state) => state.storage.sql.exec('SELECT key FROM kept').toArray().length,
  )
}

afterEach(() => {
  vi.useRealTimers()
})

describe('a limit', () => {
  test('lets exactly as many through, however many come at the same time', async () => {
    const home = newKey()
    const asked = await Promise.all(Array.from({ length: 500 }, () => isLetThrough(home)))
    expect(asked.filter(Boolean)).toHaveLength(10)
  })

  test('begins anew when its window is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
    const home = newKey()
    expect(await letThrough(home, 12)).toBe(10)
    vi.setSystemTime(START_MS + 59_999)
    expect(await letThrough(home, 1)).toBe(0)
    vi.setSystemTime(START_MS + 60_000)
    expect(await letThrough(home, 12)).toBe(10)
  })

  test('counts each key for itself', async () => {
    const [one, other] = [newKey(), newKey()]
    expect(await letThrough(one, 11)).toBe(10)
    expect(await letThrough(other, 11)).toBe(10)
  })

  test('that is changed while its window is open goes on from what was counted', async () => {
    const home = newKey()
    expect(await letThrough(home, 12)).toBe(10)
    const raised = { terms: { limit: 15, periodMs: 60_000, timeoutMs: 0 } }
    expect(await letThrough(home, 12, raised)).toBe(5)
  })
})

describe('several limits of one question', () => {
  const terms = { limit: 1, periodMs: 60_000, timeoutMs: 0 }

  async function visitTwice(first: Partial<MeterClaim>) {
    const home = newKey()
    const claims = [
      claim(home, { meter: `${home}:first`, terms, ...first }),
      claim(home, { meter: `${home}:second` }),
    ]
    await store.visit({ home, claims, event: null })
    return store.visit({ home, claims, event: null })
  }

  test('end at the first that stops the request', async () => {
    const { meters } = await visitTwice({})
    expect(meters).toMatchObject([{ isRefused: true }, null])
  })

  test('go on after one that only notes it', async () => {
    const { meters } = await visitTwice({ isFinal: false })
    expect(meters).toMatchObject([{ isRefused: true }, { isRefused: false, remaining: 8 }])
  })
})

describe('after the answer', () => {
  test('what did not take place is given back', async () => {
    const home = newKey()
    const visit: SessionVisit = { home, claims: [claim(home)], event: null }
    let nowMs = 0
    for (let n = 0; n < 10; n++) nowMs = (await store.visit(visit)).nowMs
    expect(await isLetThrough(home)).toBe(false)
    const returns = [{ meter: `${home}:rule`, cost: 1, atMs: nowMs }]
    await store.settle({ home, charges: [], returns, answered: null, withdrawn: null })
    expect(await letThrough(home, 2)).toBe(1)
  })

  test('what it cost is counted', async () => {
    const home = newKey()
    const unknown = { cost: 0 }
    const { meter, terms } = claim(home)
    expect(await isLetThrough(home, unknown)).toBe(true)
    await store.settle({
      home,
      charges: [{ meter, terms, cost: 9 }],
      returns: [],
      answered: null,
      withdrawn: null,
    })
    expect(await isLetThrough(home, unknown)).toBe(true)
    await store.settle({
      home,
      charges: [{ meter, terms, cost: 1 }],
      returns: [],
      answered: null,
      withdrawn: null,
    })
    expect(await isLetThrough(home, unknown)).toBe(false)
  })
})

describe('a crash', () => {
  test.each([1, 3, 9])(
    'after %i of 10 lets at most four more through than there were',
    async (n) => {
      const home = newKey()
      const before = await letThrough(home, n)
      await crash(home)
      const after = await letThrough(home, 20)
      expect(before + after).toBeGreaterThanOrEqual(10)
      expect(before + after).toBeLessThanOrEqual(14)
    },
  )

  test('forgets no limit that was reached', async () => {
    const home = newKey()
    expect(await letThrough(home, 10)).toBe(10)
    await crash(home)
    expect(await letThrough(home, 5)).toBe(0)
  })

  test('forgets no block', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
    const home = newKey()
    const strict = { terms: { limit: 1, periodMs: 1_000, timeoutMs: 600_000 } }
    expect(await letThrough(home, 2, strict)).toBe(1)
    await crash(home)
    vi.setSystemTime(START_MS + 599_999)
    expect(await letThrough(home, 1, strict)).toBe(0)
    vi.setSystemTime(START_MS + 600_000)
    expect(await letThrough(home, 1, strict)).toBe(1)
  })
})

describe('the disk', () => {
  test('is not touched by those who stay far below a limit', async () => {
    const homes = Array.from({ length: 200 }, newKey)
    await Promise.all(homes.map((home) => isLetThrough(home)))
    const rows = await Promise.all(homes.map(rowsOf))
    expect(Math.max(...rows)).toBeLessThan(200 / 64)
  })

  test('is cleaned when nothing of it matters any more', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
    const zone = createSessionStore(settings.SESSIONS, 'cleaned')
    const home = newKey()
    const object = settings.SESSIONS.getByName(
      `cleaned:${Number.parseInt(home.slice(0, 8), 16) % 64}`,
    )
    const strict = claim(home, { terms: { limit: 1, periodMs: 60_000, timeoutMs: 0 } })
    await zone.visit({ home, claims: [strict], event: null })
    vi.setSystemTime(START_MS + 59_999)
    await runDurableObjectAlarm(object)
    const left = () =>
      runInDurableObject(object, async (_object, state) => ({
        rows: state.storage.sql.exec('SELECT key FROM kept').toArray().length,
        alarm: await state.storage.getAlarm(),
      }))
    expect(await left()).toMatchObject({ rows: 1, alarm: expect.any(Number) })
    vi.setSystemTime(START_MS + 60_000)
    await runDurableObjectAlarm(object)
    expect(await left()).toEqual({ rows: 0, alarm: null })
  })
})

describe('an operator', () => {
  test('sees what is counted under a key, and may lift a block', async () => {
    const home = newKey()
    const strict = { terms: { limit: 1, periodMs: 60_000, timeoutMs: 600_000 } }
    await letThrough(home, 2, strict)
    const { meters } = await store.report(home)
    expect(meters).toMatchObject([{ meter: `${home}:rule`, marks: [{ count: 1 }] }])
    expect(meters[0]?.blockedUntilMs).toBeGreaterThan(Date.now())
    await store.forget(home)
    expect(await store.report(home)).toEqual({ memory: null, meters: [] })
    expect(await letThrough(home, 2, strict)).toBe(1)
  })
})
