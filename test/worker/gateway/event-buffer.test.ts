import { describe, expect, test } from 'vitest'
import { createEventBuffer } from '../../../worker/gateway/event-buffer.ts'
import { GATEWAY_LIMITS } from '../../../worker/gateway/limits.ts'
import type { SecurityEvent } from '../../../worker/storage/events.ts'

const event = (id: number) => ({ id: String(id) }) as SecurityEvent

function bufferOver(record: (events: readonly SecurityEvent[]) => Promise<void> = async () => {}) {
  const calls: number[] = []
  const store = {
    record(events: readonly SecurityEvent[]) {
      calls.push(events.length)
      return record(events)
    },
    list: async () => [],
  }
  return { calls, buffer: createEventBuffer(store, async () => {}) }
}

describe('the event buffer', () => {
  test('sends a flood in few calls: one waits for all that come meanwhile', async () => {
    const { buffer, calls } = bufferOver()
    buffer.add([event(1)])
    const flush = buffer.flushSoon(0)
    for (let id = 2; id <= 150; id++) {
      buffer.add([event(id)])
      expect(buffer.flushSoon(0)).toBeNull()
    }
    await flush
    expect(calls).toEqual([100, 50])
  })

  test.each([
    {
      name: 'below',
      events: GATEWAY_LIMITS.bufferedEventsMax - 1,
      sent: GATEWAY_LIMITS.bufferedEventsMax - 1,
    },
    {
      name: 'at',
      events: GATEWAY_LIMITS.bufferedEventsMax,
      sent: GATEWAY_LIMITS.bufferedEventsMax,
    },
    {
      name: 'above',
      events: GATEWAY_LIMITS.bufferedEventsMax + 1,
      sent: GATEWAY_LIMITS.bufferedEventsMax,
    },
  ])('$name its bound keeps $sent', async ({ events, sent }) => {
    const { buffer, calls } = bufferOver()
    for (let id = 0; id < events; id++) buffer.add([event(id)])
    await buffer.flush()
    expect(calls.reduce((sum, n) => sum + n, 0)).toBe(sent)
  })

  test('goes on after a store that failed', async () => {
    let failures = 1
    const { buffer, calls } = bufferOver(async () => {
      if (failures-- > 0) throw new Error('store is down')
    })
    buffer.add([event(1)])
    await buffer.flush()
    buffer.add([event(2)])
    await buffer.flush()
    expect(calls).toEqual([1, 1])
  })

  test('is flushed by another request when the one that was to do it is gone', () => {
    const { buffer } = bufferOver()
    buffer.add([event(1)])
    expect(buffer.flushSoon(0)).not.toBeNull()
    buffer.add([event(2)])
    expect(buffer.flushSoon(4_999)).toBeNull()
    expect(buffer.flushSoon(5_000)).not.toBeNull()
  })
})
