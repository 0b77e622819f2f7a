import { describe, expect, test, vi } from 'vitest'
import type { SecurityEvent } from '../../../../worker/storage/events.ts'
import { api, portsOf, Z } from '../../../support/management.ts'

const PATH = `${Z}/portcullis/events`
const event = (n: number, more: Partial<SecurityEvent> = {}): SecurityEvent => ({
  id: `event-${n}`,
  ray_id: `ray-${n}`,
  occurred_at: new Date(1_700_000_000_000 + n).toISOString(),
  action: 'block',
  source: 'firewallCustom',
  rule_id: 'rule',
  rule_description: '',
  ruleset_id: null,
  reason: 'rule',
  method: 'GET',
  host: 'api.example.com',
  path: '/',
  client_ip: '192.0.2.1',
  user_agent: '',
  operation_id: null,
  endpoint: null,
  status: 403,
  client_certificate_fingerprint: null,
  session_id: null,
  findings: [],
  violations: [],
  ...more,
})

describe('200', () => {
  test('events that this isolate still holds are read too', async () => {
    const { events } = portsOf('events-flush')
    const flushEvents = vi.fn(async () => events.record([event(1)]))
    const reply = await api('events-flush', { flushEvents })(`GET ${PATH}`)
    expect(reply.result).toEqual([event(1)])
  })

  test.each([
    ['all, the newest first', '', ['event-3', 'event-2', 'event-1']],
    ['so many', 'limit=2', ['event-3', 'event-2']],
    ['of one ray', 'ray_id=ray-2', ['event-2']],
    ['that blocked', 'action=block', ['event-3', 'event-1']],
    ['of one source', 'source=apiShieldSchemaValidation', ['event-3']],
  ])('%s', async (_name, query, ids) => {
    await portsOf(`events-list ${query}`).events.record([
      event(1),
      event(2, { action: 'log' }),
      event(3, { source: 'apiShieldSchemaValidation' }),
    ])
    const reply = await api(`events-list ${query}`)<SecurityEvent[]>(`GET ${PATH}?${query}`)
    expect(reply.result.map(({ id }) => id)).toEqual(ids)
  })
})

describe('400', () => {
  test.each(['limit=0', 'limit=1001', 'limit=x', 'action=allow', 'source=nobody'])(
    '%s',
    async (query) => {
      expect((await api('events-400')(`GET ${PATH}?${query}`)).status).toBe(400)
    },
  )
})
