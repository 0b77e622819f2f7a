import { describe, expect, test } from 'vitest'
import type { TokenPorts } from '../../../worker/gateway/stage.ts'
import { createSourcedKeys } from '../../../worker/gateway/token-keys.ts'
import type { KeysReading, KeysRequest } from '../../../worker/storage/ports.ts'

const START_MS = 1_800_000_000_000
const HOUR_MS = 60 * 60 * 1000

/** Keys in one isolate, over an object that answers when and what the test says. */
function keysOf() {
  const asked: KeysRequest[] = []
  const work: Promise<unknown>[] = []
  const object = {
    kids: ['a'],
    fetchedAtMs: START_MS,
    answer: async (): Promise<KeysReading> => reading(),
  }
  const reading = (): KeysReading => ({
    outcome: 'keys',
    digest: object.kids.join(),
    keys: object.kids.map((kid) => ({ kty: 'RSA', kid, n: '', e: '' })),
    fetchedAtMs: object.fetchedAtMs,
  })
  const ports: TokenPorts = {
    keys: {
      current(request) {
        asked.push(request)
        return object.answer()
      },
    },
    replays: { claim: async () => 'first' },
    open: async () => [],
    wait: () => new Promise(() => {}),
  }
  const holder = createSourcedKeys<{ readonly kids: readonly string[] }>(
    { configurationId: 'c', source: { kind: 'jwks', url: 'https://provider.example/' } },
    async (keys) => ({ kids: keys.flatMap(({ kid }) => kid ?? []) }),
  )
  const at = (ms: number) => ({
    nowMs: START_MS + ms,
    later: (w: Promise<unknown>) => void work.push(w),
  })
  return {
    object,
    asked,
    reading,
    settled: () => Promise.all(work),
    inForce: (ms: number) => holder.inForce(at(ms), ports),
    askFor: async (kid: string, ms: number, wait: TokenPorts['wait'] = ports.wait) => {
      const before = await holder.inForce(at(ms), ports)
      return holder.askFor(kid, before, { ...at(ms), ports: { ...ports, wait } })
    },
  }
}

describe('keys in an isolate', () => {
  test('are learned by one question, however many tokens come first', async () => {
    const { inForce, asked } = keysOf()
    const held = await Promise.all(Array.from({ length: 100 }, () => inForce(0)))
    expect(new Set(held).size).toBe(1)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ known: null, wanted: null })
  })

  test('are asked for again after 30 s beside the token, which does not wait', async () => {
    const { inForce, asked, object, settled } = keysOf()
    const first = await inForce(0)
    object.kids = ['b']
    await inForce(29_999)
    expect(asked).toHaveLength(1)
    expect(await inForce(30_000)).toBe(first)
    await settled()
    expect(asked).toHaveLength(2)
    expect(await inForce(30_001)).toEqual({ kids: ['b'] })
  })

  test('are asked for again after a question that was lost', async () => {
    const { inForce, asked, object, reading } = keysOf()
    await inForce(0)
    object.answer = () => new Promise(() => {})
    await inForce(30_000)
    object.kids = ['b']
    object.answer = async () => reading()
    await inForce(60_000)
    await new Promise((resolve) => setTimeout(resolve))
    expect(asked).toHaveLength(3)
    expect(await inForce(60_001)).toEqual({ kids: ['b'] })
  })

  test('that did not change keep what was made of them', async () => {
    const { inForce, object, settled } = keysOf()
    const first = await inForce(0)
    object.answer = async () => ({ outcome: 'unchanged', fetchedAtMs: START_MS + 30_000 })
    await inForce(30_000)
    await settled()
    expect(await inForce(30_001)).toBe(first)
  })

  test('stay in force for a day after they were fetched while the object cannot be reached', async () => {
    const { inForce, object, settled } = keysOf()
    const first = await inForce(0)
    object.answer = () => Promise.reject(new Error('object is gone'))
    expect(await inForce(24 * HOUR_MS)).toBe(first)
    await settled()
    await expect(inForce(24 * HOUR_MS + 1)).rejects.toThrow(/^keys_unavailable: .*object is gone/)
  })

  test('that never came make it throw with the reason, and nobody asks again for a second', async () => {
    const { inForce, object, asked } = keysOf()
    object.answer = async () => ({ outcome: 'unavailable', message: 'timeout: …' })
    for (const ms of [0, 0, 500, 999]) {
      await expect(inForce(ms)).rejects.toThrow(
        'keys_unavailable: token configuration c: timeout: …',
      )
    }
    expect(asked).toHaveLength(1)
    object.answer = async () => ({ outcome: 'keys', digest: 'a', keys: [], fetchedAtMs: START_MS })
    expect(await inForce(1_000)).toEqual({ kids: [] })
  })
})

describe('a key that nobody knows', () => {
  test('is asked for once by all who need it, and then there for all', async () => {
    const { askFor, asked, object, inForce } = keysOf()
    await inForce(0)
    object.kids = ['a', 'b']
    const newer = await Promise.all(Array.from({ length: 200 }, () => askFor('b', 1)))
    expect(new Set(newer).size).toBe(1)
    expect(newer[0]).toEqual({ kids: ['a', 'b'] })
    expect(asked).toHaveLength(2)
    expect(asked[1]).toMatchObject({ known: 'a', wanted: 'b' })
  })

  test('is asked for again when the question under way was answered with an older set', async () => {
    const { askFor, asked, object, inForce, reading } = keysOf()
    await inForce(0)
    const { promise, resolve } = Promise.withResolvers<KeysReading>()
    const older = reading()
    object.answer = () => promise
    const madeUp = askFor('made-up', 1)
    await Promise.resolve()
    const rotated = askFor('b', 1)
    object.kids = ['a', 'b']
    object.answer = async () => reading()
    resolve(older)
    expect(await rotated).toEqual({ kids: ['a', 'b'] })
    await madeUp
    expect(asked).toHaveLength(3)
  })

  test('is not asked for again for two seconds after it was not found', async () => {
    const { askFor, asked, inForce, object } = keysOf()
    await inForce(0)
    object.fetchedAtMs += 1
    for (const ms of [1, 500, 2_000]) await askFor('made-up', ms)
    expect(asked).toHaveLength(2)
    object.kids = ['a', 'made-up']
    expect(await askFor('made-up', 2_001)).toEqual({ kids: ['a', 'made-up'] })
    expect(asked).toHaveLength(3)
  })

  test('is asked for again at once when nothing could be fetched', async () => {
    const { askFor, asked, inForce, object } = keysOf()
    await inForce(0)
    await askFor('b', 1)
    object.kids = ['b']
    expect(await askFor('b', 2)).toEqual({ kids: ['b'] })
    expect(asked).toHaveLength(3)
  })

  test('is waited for a second at most while the provider gives nothing, and as before afterwards', async () => {
    const { askFor, object, inForce, reading } = keysOf()
    const first = await inForce(0)
    await askFor('of another provider', 1)
    object.answer = () => new Promise(() => {})
    const waits: number[] = []
    const wait = async (ms: number): Promise<void> => void waits.push(ms)
    for (const kid of ['x', 'x', 'y']) expect(await askFor(kid, 2, wait)).toBe(first)
    expect(waits).toEqual([1_000, 1_000, 1_000])
    object.fetchedAtMs += 1
    object.kids = ['a', 'b']
    object.answer = async () => reading()
    // The question that hangs is given up for lost.
    expect(await askFor('b', 25_003)).toEqual({ kids: ['a', 'b'] })
    await askFor('made-up', 25_004, wait)
    expect(waits.at(-1)).toBe(25_000)
  })

  test('without a name is asked for as often as it is wanted', async () => {
    const { askFor, asked, inForce, object } = keysOf()
    await inForce(0)
    object.fetchedAtMs += 1
    await askFor('', 1)
    await askFor('', 2)
    expect(asked).toHaveLength(3)
  })

  test('made up by the thousand at once costs two questions, and a rotation among them is found', async () => {
    const { askFor, asked, inForce, object } = keysOf()
    await inForce(0)
    const flood = Array.from({ length: 900 }, (_, n) => askFor(`made-up-${n}`, 1))
    object.kids = ['b']
    expect(await askFor('b', 1)).toEqual({ kids: ['b'] })
    await Promise.all(flood)
    expect(asked).toHaveLength(3)
  })

  test.each([
    { waiting: 999, asks: 1 },
    { waiting: 1_000, asks: 0 },
    { waiting: 1_001, asks: 0 },
  ])('with $waiting others waiting is asked for $asks times', async ({ waiting, asks }) => {
    const { askFor, inForce, object } = keysOf()
    const first = await inForce(0)
    object.answer = () => new Promise(() => {})
    for (let n = 0; n < waiting; n++) void askFor(`made-up-${n}`, 1)
    await Promise.resolve()
    let isAnswered = false
    const answer = askFor('b', 1).then((keys) => {
      isAnswered = true
      return keys
    })
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(isAnswered).toBe(asks === 0)
    if (isAnswered) expect(await answer).toBe(first)
  })

  test('does not wait for ever for a question whose request is gone', async () => {
    const { askFor, object, inForce, reading } = keysOf()
    await inForce(0)
    object.answer = () => new Promise(() => {})
    void askFor('b', 1)
    await Promise.resolve()
    object.kids = ['a', 'b']
    object.answer = async () => reading()
    expect(await askFor('b', 2, async () => {})).toEqual({ kids: ['a', 'b'] })
  })
})
