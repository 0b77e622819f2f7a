/** A gateway over rate limits and sequence rules, with real Session objects, a clock that stands still and an origin that answers. */
import { env, runInDurableObject } from 'cloudflare:test'
import { operationId } from '#engines/paths'
import { EMPTY_ZONE } from '../../../worker/gateway/empty-snapshot.ts'
import { createKeyedHasher } from '../../../worker/gateway/keyed-hash.ts'
import { createBlockMemory } from '../../../worker/gateway/sessions/block-memory.ts'
import type { GatewayPorts } from '../../../worker/gateway/stage.ts'
import type { Settings } from '../../../worker/settings.ts'
import type { PublishedZone } from '../../../worker/storage/collections.ts'
import { createSessionStore } from '../../../worker/storage/objects/session-store.ts'
import type { Operation, Rule, Ruleset } from '../../../worker/storage/resources.ts'
import type { SequenceRule } from '../../../worker/storage/resources/sequences.ts'
import { gatewayOver } from './gateway-over.ts'

const settings = env as unknown as Settings

type RuleDraft = Partial<Rule> & Pick<Rule, 'expression'>

export type Setup = {
  readonly limits?: readonly RuleDraft[]
  readonly rules?: readonly RuleDraft[]
  /** `GET api.example/balances/{var1}` */
  readonly operations?: readonly string[]
  readonly sequences?: readonly Partial<SequenceRule>[]
  readonly zone?: Partial<PublishedZone>
  readonly origin?: (request: Request) => Response
  readonly ports?: Partial<GatewayPorts>
}

let zones = 0

export async function sessionShield(setup: Setup) {
  zones += 1
  const zoneId = `shield-${zones}`
  const homes = new Set<string>()
  const calls = { visits: 0, settlements: 0, origin: 0 }
  const store = createSessionStore(settings.SESSIONS, zoneId)
  const parts: PublishedZone = {
    ...EMPTY_ZONE,
    configuration: [{ auth_id_characteristics: [{ type: 'header', name: 'x-session' }] }],
    operation: await Promise.all((setup.operations ?? []).map(operationOf)),
    ruleset: [
      rulesetOf('http_request_firewall_custom', setup.rules ?? []),
      rulesetOf('http_ratelimit', setup.limits ?? []),
    ],
    sequence_rule: (setup.sequences ?? []).map(sequenceOf),
    ...setup.zone,
  }
  const gateway = gatewayOver({
    parts,
    ports: {
      async origin(base, target, init) {
        calls.origin += 1
        return setup.origin?.(new Request(base + target, init)) ?? new Response('from the origin')
      },
      sessions: {
        visit(visit) {
          calls.visits += 1
          homes.add(visit.home)
          return store.visit(visit)
        },
        settle(settlement) {
          calls.settlements += 1
          return store.settle(settlement)
        },
      },
      blocks: createBlockMemory(),
      keyedHash: createKeyedHasher({ sealingSecret: '00'.repeat(32), zoneId }),
      ...setup.ports,
    },
  })

  /** The answer, and the events that the request left. */
  async function ask(
    path: string,
    { method = 'GET', session, ip = '192.0.2.1', ...rest }: Asked = {},
  ) {
    const headers = new Headers({ 'cf-connecting-ip': ip, ...rest.headers })
    if (session !== undefined) headers.set('x-session', session)
    const request = new Request(`https://api.example${path}`, {
      method,
      headers,
      ...(rest.body === undefined ? {} : { body: rest.body }),
    })
    const { response, events } = await gateway.fetch(request)
    return { response, status: response.status, events }
  }

  /** The statuses of as many requests, one after another. */
  async function statuses(times: number, path: string, asked: Asked = {}) {
    const seen: number[] = []
    for (let n = 0; n < times; n++) seen.push((await ask(path, asked)).status)
    return seen
  }

  /** All objects that were asked, as when the process dies: what is not on disk is gone. */
  async function crash() {
    for (const home of homes) {
      const number = Number.parseInt(home.slice(0, 8), 16) % 64
      const object = settings.SESSIONS.getByName(`${zoneId}:${number}`)
      const aborted = runInDurableObject(object, (_object, state) => state.abort('crash'))
      await aborted.catch(() => {})
    }
  }

  return { ask, statuses, calls, store, crash }
}

export type Asked = {
  readonly method?: string
  readonly session?: string
  readonly ip?: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

const COMMON = { version: '1', description: '', last_updated: '' }

function rulesetOf(phase: Ruleset['phase'], rules: readonly RuleDraft[]): Ruleset {
  return {
    ...COMMON,
    id: phase,
    kind: 'zone',
    name: 'default',
    phase,
    rules: rules.map((rule, n) => ({
      ...COMMON,
      id: `${phase}-${n}`,
      ref: `${phase}-${n}`,
      enabled: true,
      action: 'block',
      ...rule,
    })),
  }
}

function sequenceOf(rule: Partial<SequenceRule>, n: number): SequenceRule {
  return {
    id: `sequence-${n}`,
    ref: `sequence-${n}`,
    description: '',
    enabled: true,
    action: 'block',
    without_session: 'pass',
    counts: 'requested',
    last_updated: '',
    ...rule,
  }
}

async function operationOf(text: string): Promise<Operation> {
  const [, method = '', host = '', endpoint = ''] = /^(\S+) ([^/]+)(\/.*)$/.exec(text) ?? []
  const triple = { method, host, endpoint }
  return { ...triple, operation_id: await operationId(triple), last_updated: '' }
}

/** A limit of so many in a minute. */
export function limitOf(
  requests: number,
  characteristics: readonly string[],
  more: Partial<NonNullable<Rule['ratelimit']>> = {},
): NonNullable<Rule['ratelimit']> {
  return { characteristics, period: 60, requests_per_period: requests, ...more }
}
