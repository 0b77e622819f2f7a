import { describe, expect, test } from 'vitest'
import { createSnapshotCache } from '../../../worker/gateway/snapshot-cache.ts'
import { EMPTY_SNAPSHOT } from '../../../worker/gateway/empty-snapshot.ts'
import type { RawSnapshot } from '../../../worker/storage/ports.ts'
import type { Ruleset } from '../../../worker/storage/resources.ts'

const START_MS = 1_000_000

function raw(version: number, expression?: string): RawSnapshot {
  const ruleset: Ruleset[] = expression === undefined ? [] : [withRule(expression)]
  return { version, parts: { ...EMPTY_SNAPSHOT.zone, ruleset } }
}

function withRule(expression: string): Ruleset {
  const common = { version: '1', last_updated: '', description: '' }
  return {
    ...common,
    id: 'r',
    kind: 'zone',
    name: 'default',
    phase: 'http_request_firewall_custom',
    rules: [{ ...common, id: 'rule', ref: 'rule', action: 'block', enabled: true, expression }],
  }
}

/** A source whose answers the test lines up; a string is thrown. */
function cacheOver(...answers: (RawSnapshot | string | null)[]) {
  const refused: { cause: unknown; versionInForce: number }[] = []
  const pending: Promise<unknown>[] = []
  const cache = createSnapshotCache({
    source: {
      async newest() {
        const answer = answers.shift()
        if (typeof answer === 'string') throw new Error(answer)
        return answer ?? null
      },
    },
    report: (cause, versionInForce) => refused.push({ cause, versionInForce }),
  })
  return { cache, refused, pending, later: (work: Promise<unknown>) => void pending.push(work) }
}

describe('the snapshot cache', () => {
  test('refreshes beside the request: this one is judged by the old, the next by the new', async () => {
    const { cache, pending, later } = cacheOver(raw(1), raw(2))
    expect((await cache.current(START_MS, later)).version).toBe(1)
    expect((await cache.current(START_MS + 5_000, later)).version).toBe(1)
    await Promise.all(pending)
    expect((await cache.current(START_MS + 5_001, later)).version).toBe(2)
  })

  test('does not look again within the interval', async () => {
    const { cache, pending, later } = cacheOver(raw(1), raw(2))
    await cache.current(START_MS, later)
    await cache.current(START_MS + 4_999, later)
    expect(pending).toHaveLength(0)
  })

  test.each([
    { name: 'cannot be read', answer: 'part operation is not there yet', message: 'not there yet' },
    { name: 'does not compile', answer: raw(2, 'http.host eq 1'), message: 'does not compile' },
  ])(
    'keeps the last good one when a new one $name, and reports it',
    async ({ answer, message }) => {
      const { cache, refused, later } = cacheOver(raw(1), answer)
      await cache.current(START_MS, later)
      await cache.reload(START_MS + 1)
      expect((await cache.current(START_MS + 2, later)).version).toBe(1)
      expect(refused).toHaveLength(1)
      expect(String(refused[0]?.cause)).toContain(message)
      expect(refused[0]?.versionInForce).toBe(1)
    },
  )

  test('never goes back to an older one, which would undo a change such as a revocation', async () => {
    const { cache, later } = cacheOver(raw(8), raw(7))
    await cache.current(START_MS, later)
    await cache.reload(START_MS + 1)
    expect((await cache.current(START_MS + 2, later)).version).toBe(8)
  })

  test('without any good one throws, so that nothing is let through', async () => {
    const { cache, later } = cacheOver('storage is down')
    await expect(cache.current(START_MS, later)).rejects.toThrow('storage is down')
  })
})
