/**
 * Random schedules of requests and settlements, as several isolates would interleave them, against a model that remembers
 * every single request. The object does one thing at a time, so an interleaving is an order.
 */
import { env, runInDurableObject } from 'cloudflare:test'
import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
  sample,
} from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import type { Session } from '../../../worker/storage/objects/session.ts'

const settings = env as unknown as Settings

const START_MS = 1_800_000_000_000
const SCHEDULES = 10_000

afterEach(() => {
  vi.useRealTimers()
})

type Step =
  | { readonly kind: 'ask'; readonly key: number; readonly cost: number; readonly second: boolean }
  | { readonly kind: 'settle'; readonly which: number; readonly reached: boolean }
  | { readonly kind: 'wait'; readonly ms: number }

const step: Arbitrary<Step> = oneof(
  {
    weight: 6,
    arbitrary: record({
      kind: constant('ask' as const),
      key: nat(1),
      cost: integer({ min: 1, max: 3 }),
      second: boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      kind: constant('settle' as const),
      which: nat(5),
      reached: boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: record({ kind: constant('wait' as const), ms: nat(2_500) }),
  },
)

const schedule = record({
  limit: integer({ min: 1, max: 8 }),
  timeoutMs: constantFrom(0, 0, 700, 3_000),
  steps: array(step, { minLength: 5, maxLength: 40 }),
})

type Schedule = typeof schedule extends Arbitrary<infer T> ? T : never

const PERIOD_MS = 1_000

/** Everything that was ever counted, one by one. */
class Model {
  readonly #counted: { key: string; cost: number; atMs: number }[] = []
  readonly #blocked = new Map<string, number>()
  readonly #limit: number
  readonly #timeoutMs: number

  constructor({ limit, timeoutMs }: Pick<Schedule, 'limit' | 'timeoutMs'>) {
    this.#limit = limit
    this.#timeoutMs = timeoutMs
  }

  ask(key: string, cost: number, nowMs: number): boolean {
    if ((this.#blocked.get(key) ?? 0) > nowMs) return false
    if (this.used(key, nowMs) + cost > this.#limit) {
      if (this.#timeoutMs > 0) this.#blocked.set(key, nowMs + this.#timeoutMs)
      return false
    }
    this.#counted.push({ key, cost, atMs: nowMs })
    return true
  }

  giveBack(key: string, cost: number, atMs: number): void {
    const at = this.#counted.findIndex(
      (one) => one.key === key && one.atMs === atMs && one.cost === cost,
    )
    if (at !== -1) this.#counted.splice(at, 1)
  }

  used(key: string, nowMs: number): number {
    return this.#counted
      .filter((one) => one.key === key && one.atMs > nowMs - PERIOD_MS)
      .reduce((sum, { cost }) => sum + cost, 0)
  }
}

function run(object: Session, { limit, timeoutMs, steps }: Schedule, number: number): void {
  const model = new Model({ limit, timeoutMs })
  const terms = { limit, periodMs: PERIOD_MS, timeoutMs }
  const open: { meter: string; cost: number; atMs: number }[] = []
  let nowMs = START_MS + number * 100_000
  vi.setSystemTime(nowMs)
  for (const each of steps) {
    if (each.kind === 'wait') {
      nowMs += each.ms
      vi.setSystemTime(nowMs)
    } else if (each.kind === 'ask') {
      const keys = each.second ? [each.key, each.key + 2] : [each.key]
      const meters = keys.map((key) => `${number}:${key}`)
      const { meters: answers } = object.visit({
        claims: meters.map((meter) => ({
          meter,
          terms,
          cost: each.cost,
          isChecked: true,
          isFinal: true,
        })),
        event: null,
      })
      let isStopped = false
      for (const [n, meter] of meters.entries()) {
        const passes: boolean | null = isStopped ? null : model.ask(meter, each.cost, nowMs)
        const answer = answers[n]
        expect(answer?.isRefused ?? null).toBe(passes === null ? null : !passes)
        if (passes === true) open.push({ meter, cost: each.cost, atMs: nowMs })
        isStopped ||= passes === false
      }
    } else {
      const [settled] = open.splice(each.which % Math.max(1, open.length), 1)
      if (settled === undefined || each.reached) continue
      object.settle({ charges: [], returns: [settled], answered: null, withdrawn: null })
      model.giveBack(settled.meter, settled.cost, settled.atMs)
    }
  }
}

test(`${SCHEDULES} schedules let through what the model does, no more and no less`, async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
  const object = settings.SESSIONS.getByName('schedules')
  const drawn = sample(schedule, { numRuns: SCHEDULES, seed: 7 })
  const numbered = drawn.entries()
  // Not all in one event of the object: what it writes would wait for the end of it.
  for (let done = 0; done < SCHEDULES; done += 500) {
    await runInDurableObject(object, (instance: Session) => {
      for (let n = 0; n < 500; n++) {
        const next = numbered.next()
        if (next.done !== true) run(instance, next.value[1], next.value[0])
      }
    })
  }
}, 120_000)
