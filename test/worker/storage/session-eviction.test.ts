/** What a Session object may forget when it is restarted, or when strangers fill it: never what would let somebody in again. */
import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import { createSessionStore } from '../../../worker/storage/objects/session-store.ts'
import type { MeterClaim } from '../../../worker/storage/session-visit.ts'

const settings = env as unknown as Settings

let zones = 0
/** A home, and its object with nothing in it. */
function newHome() {
  zones += 1
  const zone = `eviction-${zones}`
  const home = '0'.repeat(32)
  const store = createSessionStore(settings.SESSIONS, zone)
  return { home, store }
}

function claim(meter: string, limit: number): MeterClaim {
  const terms = { limit, periodMs: 3_600_000, timeoutMs: 0 }
  return { meter, terms, cost: 1, isChecked: true, isFinal: false }
}

test('thousands of counters that have to be written make room one after another', async () => {
  const { home, store } = newHome()
  const claims = Array.from({ length: 6_000 }, (_, n) => claim(`${home}:rule:${n}`, 8))
  const { meters } = await store.visit({ home, claims, event: null })
  expect(meters).toHaveLength(6_000)
})
