/** A gateway over rules and GraphQL settings, with an origin that answers and remembers nothing but that it was asked. */
import { EMPTY_ZONE } from '../../../worker/gateway/empty-snapshot.ts'
import type { GatewayPorts } from '../../../worker/gateway/stage.ts'
import type { PublishedZone } from '../../../worker/storage/collections.ts'
import type { Ruleset } from '../../../worker/storage/resources.ts'
import {
  DEFAULT_GRAPHQL_SETTINGS,
  type GraphqlSettings,
} from '../../../worker/storage/resources/graphql.ts'
import { gatewayOver } from './gateway-over.ts'

type RuleDraft = {
  readonly expression: string
  readonly action?: string
  readonly enabled?: boolean
}

export type Setup = {
  readonly rules?: readonly RuleDraft[]
  readonly settings?: Partial<GraphqlSettings>
  readonly zone?: Partial<PublishedZone>
  readonly originStatus?: number
  readonly ports?: Partial<GatewayPorts>
}

export function graphqlShield({ rules = [], settings, zone, originStatus, ports }: Setup) {
  const parts: PublishedZone = {
    ...EMPTY_ZONE,
    ruleset: [rulesetOf(rules)],
    graphql_settings: settings === undefined ? [] : [{ ...DEFAULT_GRAPHQL_SETTINGS, ...settings }],
    ...zone,
  }
  const gateway = gatewayOver({
    parts,
    ports: {
      origin: async (_base, _target, init) =>
        new Response(init.body ?? null, { status: originStatus ?? 200 }),
      ...ports,
    },
  })
  /** The status of the answer, and what the detector found when there is an event. */
  async function judge(request: Request) {
    const left = await gateway.fetch(request)
    const { response } = left
    const text = await response.text()
    const event = left.events[0]
    const finding = event?.findings.find(({ detector }) => detector === 'graphql')
    return { status: response.status, text, event, finding, reason: finding?.reason }
  }
  return { judge, events: gateway.events, uses: gateway.uses }
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
      Object.assign(
        { ...common, id: `rule-${n}`, ref: `rule-${n}`, enabled: true, action: 'block' },
        rule,
      ),
    ) as Ruleset['rules'],
  }
}

const URL_OF_API = 'https://api.example/graphql'

/** A POST of this text; `type` null leaves the header out. */
export function post(
  body: string | Uint8Array<ArrayBuffer>,
  {
    type = 'application/json',
    url = URL_OF_API,
    headers = {},
  }: {
    readonly type?: string | null
    readonly url?: string
    readonly headers?: { readonly [name: string]: string }
  } = {},
): Request {
  // Bytes bring no content type of their own.
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const contentType = type === null ? {} : { 'content-type': type }
  return new Request(url, { method: 'POST', body: bytes, headers: { ...contentType, ...headers } })
}

export function get(query: string, url = URL_OF_API): Request {
  return new Request(`${url}${query}`)
}

export function json(value: unknown): string {
  return JSON.stringify(value)
}

/** Size 3 and depth 2. */
export const LARGE = '{ hero { name friends { name age } } }'
/** Size 1 and depth 1. */
export const SMALL = '{ hero { name } }'
/** As `LARGE`, through fragments. */
export const SPREAD =
  'query Q { hero { ...a } } fragment a on H { name friends { ...b } } fragment b on H { name age }'

/** Stops what is larger than `SMALL`. */
export const LIMIT: RuleDraft = {
  expression:
    'cf.api_gateway.graphql.parsed_successfully and (cf.api_gateway.graphql.query_depth > 1 or cf.api_gateway.graphql.query_size > 2)',
}
