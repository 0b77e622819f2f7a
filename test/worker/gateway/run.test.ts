import { describe, expect, test } from 'vitest'
import { createEventBuffer } from '../../../worker/gateway/event-buffer.ts'
import { createGraphqlUseBuffer } from '../../../worker/gateway/graphql-use-buffer.ts'
import { createGateway } from '../../../worker/gateway/run.ts'
import { createSnapshotCache } from '../../../worker/gateway/snapshot-cache.ts'
import { EMPTY_SNAPSHOT } from '../../../worker/gateway/empty-snapshot.ts'
import type { GatewayPorts } from '../../../worker/gateway/stage.ts'
import type { SecurityEvent } from '../../../worker/storage/events.ts'
import type { Rule, Ruleset } from '../../../worker/storage/resources.ts'
import { NO_SESSIONS } from './no-sessions.ts'

type RuleDraft = Pick<Rule, 'action' | 'expression'> & Partial<Rule>

type Setup = {
  readonly rules?: readonly RuleDraft[]
  readonly ports?: Partial<GatewayPorts>
  /** Thrown instead of a configuration. */
  readonly broken?: string
}

function rulesetOf(rules: readonly RuleDraft[]): Ruleset {
  const common = { version: '1', description: '', last_updated: '' }
  return {
    ...common,
    id: 'ruleset',
    kind: 'zone',
    name: 'default',
    phase: 'http_request_firewall_custom',
    rules: rules.map((rule, n) =>
      Object.assign({ ...common, id: `rule-${n}`, ref: `rule-${n}`, enabled: true }, rule),
    ),
  }
}

const unexpected = () => Promise.reject(new Error('no token was to be judged'))

const NO_TOKENS: GatewayPorts['tokens'] = {
  keys: { current: unexpected },
  replays: { claim: unexpected },
  open: unexpected,
  wait: unexpected,
}

/** A gateway over these rules whose origin answers 200 and remembers what it got. */
function gatewayOf({ rules = [], ports = {}, broken }: Setup) {
  const events: SecurityEvent[] = []
  const forwarded: string[] = []
  const association = [{ certificate_authority_id: 'ca', hostnames: ['a.example'] }]
  const parts = {
    ...EMPTY_SNAPSHOT.zone,
    ruleset: [rulesetOf(rules)],
    hostname_association: association,
  }
  const gateway = createGateway({
    snapshots: createSnapshotCache({
      source: {
        async newest() {
          if (broken !== undefined) throw new Error(broken)
          return { version: 1, parts }
        },
      },
      report: () => {},
    }),
    events: createEventBuffer(
      {
        async record(batch) {
          events.push(...batch)
        },
        list: async () => events,
      },
      async () => {},
    ),
    graphqlUse: createGraphqlUseBuffer({ record: async () => {} }, async () => {}),
    ports: {
      async origin(base, target) {
        forwarded.push(base + target)
        return new Response('from the origin')
      },
      certificates: () => import('#engines/certificates'),
      tokens: NO_TOKENS,
      schemas: {
        validator: () => Promise.reject(new Error('no schema was to be asked')),
        responseValidator: () => Promise.reject(new Error('no schema was to be asked')),
      },
      isSampled: () => false,
      ...NO_SESSIONS,
      nowMs: () => Date.now(),
      keyedHash: async () => null,
      failOpen: new Set(),
      ...ports,
    },
    uuid: () => crypto.randomUUID(),
  })
  async function fetch(request: Request) {
    const work: Promise<unknown>[] = []
    const response = await gateway.fetch(request, (later) => void work.push(later))
    await Promise.all(work)
    return response
  }
  return { fetch, events, forwarded }
}

const get = (url = 'https://a.example/x') => new Request(url)
const withCertificate = () =>
  new Request('https://a.example/x', {
    cf: {
      tlsClientAuth: {
        certPresented: '1',
        certRFC9440: ':AAAA:',
        certFingerprintSHA256: 'aa'.repeat(32),
      },
    },
  })

describe('a request', () => {
  test('that no rule objects to goes on and leaves no event', async () => {
    const { fetch, events, forwarded } = gatewayOf({
      rules: [{ action: 'block', expression: 'http.host eq "b"' }],
    })
    expect(await (await fetch(get('https://a.example:8443/x?y=1'))).text()).toBe('from the origin')
    expect(forwarded).toEqual(['https://a.example:8443/x?y=1'])
    expect(events).toEqual([])
  })

  test('that rules log goes on, one event a rule', async () => {
    const { fetch, events, forwarded } = gatewayOf({
      rules: [
        { action: 'log', expression: 'ssl' },
        { action: 'log', expression: 'http.request.method eq "GET"' },
      ],
    })
    expect((await fetch(get())).status).toBe(200)
    expect(forwarded).toHaveLength(1)
    expect(events.map((e) => [e.rule_id, e.action, e.status])).toEqual([
      ['rule-0', 'log', null],
      ['rule-1', 'log', null],
    ])
  })

  test('is stopped by the first block; later rules are not asked', async () => {
    const { fetch, events, forwarded } = gatewayOf({
      rules: [
        { action: 'log', expression: 'ssl' },
        { action: 'block', expression: 'ssl', description: 'no TLS today' },
        { action: 'log', expression: 'ssl' },
      ],
    })
    const response = await fetch(get())
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({
      type: 'about:blank',
      status: 403,
      title: 'Forbidden',
      detail: 'The request was not allowed.',
      instance: events[0]?.ray_id,
    })
    expect(forwarded).toEqual([])
    expect(events.map((e) => [e.rule_id, e.action])).toEqual([
      ['rule-0', 'log'],
      ['rule-1', 'block'],
    ])
  })

  test('gets the rule’s own response when it has one', async () => {
    const own = { status_code: 418, content: '{"tea":true}', content_type: 'application/json' }
    const { fetch } = gatewayOf({
      rules: [{ action: 'block', expression: 'ssl', action_parameters: { response: own } }],
    })
    const response = await fetch(get())
    expect(response.status).toBe(418)
    expect(await response.text()).toBe('{"tea":true}')
  })

  test('passes a rule that is switched off', async () => {
    const { fetch } = gatewayOf({ rules: [{ action: 'block', expression: 'ssl', enabled: false }] })
    expect((await fetch(get())).status).toBe(200)
  })

  test('has its body read only when a rule that is reached asks for it', async () => {
    const { fetch } = gatewayOf({
      rules: [
        { action: 'block', expression: 'http.request.uri.path eq "/x"' },
        { action: 'block', expression: 'http.request.body.raw contains "evil"' },
      ],
    })
    const stopped = new Request('https://a.example/x', { method: 'POST', body: 'evil' })
    await fetch(stopped)
    expect(stopped.bodyUsed).toBe(false)
    const asked = new Request('https://a.example/y', { method: 'POST', body: 'evil' })
    expect((await fetch(asked)).status).toBe(403)
    expect(asked.bodyUsed).toBe(true)
  })

  test.each(['HOST.example', 'host.example.', 'Host.Example.:443', 'host.example:443'])(
    'to the host %s is the same host for a rule',
    async (host) => {
      const { fetch } = gatewayOf({
        rules: [{ action: 'block', expression: 'starts_with(http.host, "host.example")' }],
      })
      const response = await fetch(new Request('https://host.example/x', { headers: { host } }))
      expect(response.status).toBe(403)
    },
  )

  test('whose body is padded beyond the bound is still judged by its beginning', async () => {
    const { fetch } = gatewayOf({
      rules: [{ action: 'block', expression: 'http.request.body.raw contains "evil"' }],
    })
    const body = `evil${' '.repeat(1_100_000)}`
    expect((await fetch(new Request('https://a.example/x', { method: 'POST', body }))).status).toBe(
      403,
    )
    const huge = gatewayOf({
      rules: [{ action: 'block', expression: 'http.request.body.size gt 1000000' }],
    })
    expect(
      (await huge.fetch(new Request('https://a.example/x', { method: 'POST', body }))).status,
    ).toBe(403)
  })

  test('longer than the bound is a 414 with an event', async () => {
    const { fetch, events } = gatewayOf({})
    const response = await fetch(get(`https://a.example/${'a'.repeat(16_384)}`))
    expect(response.status).toBe(414)
    expect(events[0]).toMatchObject({ reason: 'url_too_long', source: 'portcullis' })
    expect(events[0]?.path.length).toBeLessThan(600)
  })
})

describe('when the shield itself breaks', () => {
  const rules: RuleDraft[] = [
    { action: 'block', expression: 'not cf.tls_client_auth.cert_verified' },
  ]
  const certificates = () => Promise.reject(new Error('no engine'))

  test('a broken detector stops the request with 503 and an event', async () => {
    const { fetch, events, forwarded } = gatewayOf({ rules, ports: { certificates } })
    const response = await fetch(withCertificate())
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('engine')
    expect(forwarded).toEqual([])
    expect(events).toMatchObject([
      { reason: 'detector_failed', source: 'portcullis', action: 'block', status: 503 },
    ])
    expect(events[0]?.rule_description).toContain('client-certificate failed: no engine')
  })

  test('an event stays small, whatever a stranger writes into it', async () => {
    const { fetch, events } = gatewayOf({ rules: [{ action: 'log', expression: 'ssl' }] })
    const headers = { 'user-agent': '"'.repeat(8_000) }
    await fetch(new Request(`https://a.example/${'%22'.repeat(4_000)}`, { headers }))
    expect(JSON.stringify(events[0]).length).toBeLessThan(4_000)
  })

  test('one that FAIL_OPEN names passes over the rules that need it, with an event', async () => {
    const { fetch, events, forwarded } = gatewayOf({
      rules,
      ports: { certificates, failOpen: new Set(['client-certificate'] as const) },
    })
    expect((await fetch(withCertificate())).status).toBe(200)
    expect(forwarded).toHaveLength(1)
    expect(events).toMatchObject([{ reason: 'detector_failed', action: 'log' }])
  })

  test('a detector that only the origin’s headers need stops the request as well', async () => {
    const { fetch, events, forwarded } = gatewayOf({ ports: { certificates } })
    expect((await fetch(withCertificate())).status).toBe(503)
    expect(forwarded).toEqual([])
    expect(events).toMatchObject([{ reason: 'detector_failed', action: 'block' }])
  })

  test('no configuration at all lets nothing through', async () => {
    const { fetch, events, forwarded } = gatewayOf({ broken: 'storage is down' })
    const response = await fetch(get())
    expect(response.status).toBe(503)
    expect(forwarded).toEqual([])
    expect(events).toMatchObject([{ reason: 'configuration_unavailable', action: 'block' }])
    expect(events[0]?.rule_description).toContain('storage is down')
  })

  test('an origin that fails is a 502 with an event', async () => {
    const origin = () => Promise.reject(new Error('connection refused'))
    const { fetch, events } = gatewayOf({ ports: { origin } })
    const response = await fetch(get())
    expect(response.status).toBe(502)
    expect(await response.text()).not.toContain('refused')
    expect(events).toMatchObject([{ reason: 'origin_unreachable', status: 502 }])
  })
})
