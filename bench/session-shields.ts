/** The shields that bench/sessions.ts compares: what is configured, and which sessions ask. */
import { type Asked, ask, type Target } from './load.ts'

export type SessionShield = {
  readonly name: string
  readonly limit?: Limit
  readonly sequence?: Sequence
  /** Whose request this is, by its number in all the turns of the shield. */
  readonly session: (request: number) => number
}

type Limit = {
  readonly expression: string
  readonly requests_per_period: number
  readonly mitigation_timeout?: number
}

/** Each step is the last part of a path. */
type Sequence = { readonly kind: 'require' | 'forbid'; readonly steps: readonly string[] }

const ABOUT_ALL = 'true'
const ABOUT_OTHERS = 'http.request.uri.path eq "/login"'
const FAR = 1_000_000

/** So many take turns: none is new after the first turn. */
const known = (request: number): number => request % 2_000

export const REFERENCE: SessionShield = { name: 'no rule about sessions', session: known }

export const SHIELDS: readonly SessionShield[] = [
  REFERENCE,
  {
    name: 'rules about other requests',
    limit: { expression: ABOUT_OTHERS, requests_per_period: FAR },
    sequence: { kind: 'require', steps: ['cart', 'order'] },
    session: known,
  },
  {
    name: 'limit',
    limit: { expression: ABOUT_ALL, requests_per_period: FAR },
    session: known,
  },
  {
    name: 'limit, every session is new',
    limit: { expression: ABOUT_ALL, requests_per_period: FAR },
    session: (request) => request,
  },
  {
    name: 'limit and sequence that requires',
    limit: { expression: ABOUT_ALL, requests_per_period: FAR },
    sequence: { kind: 'require', steps: ['balance', 'transfer'] },
    session: known,
  },
  {
    // What may be held against somebody is written before the answer.
    name: 'limit and sequence that forbids',
    limit: { expression: ABOUT_ALL, requests_per_period: FAR },
    sequence: { kind: 'forbid', steps: ['balance', 'transfer'] },
    session: known,
  },
  {
    name: 'flood of a blocked session',
    limit: { expression: ABOUT_ALL, requests_per_period: 1, mitigation_timeout: 600 },
    session: () => 0,
  },
  {
    name: 'limit of 1,000, of which 900 are used',
    limit: { expression: ABOUT_ALL, requests_per_period: 1_000 },
    session: (request) => inGroups(request, { sessions: 4, each: 900 }),
  },
  {
    name: 'limit of 10, all used',
    limit: { expression: ABOUT_ALL, requests_per_period: 10 },
    session: (request) => inGroups(request, { sessions: 200, each: 10 }),
  },
]

/** So many sessions take turns until each has asked so often, and are then relieved by others. */
function inGroups(
  request: number,
  { sessions, each }: { readonly sessions: number; readonly each: number },
): number {
  return Math.floor(request / (sessions * each)) * sessions + (request % sessions)
}

export function requestOf(shield: SessionShield, number: number): Asked {
  const session = shield.session(number)
  return {
    url: `http://${hostOf(shield)}/accounts/${session}/balance`,
    headers: { 'x-session': `3f9c2d7a-1b64-4e0f-9a55-${String(session).padStart(12, '0')}` },
  }
}

/** Through the management API, so that the shield is configured as any is. */
export async function configure(
  target: Target,
  shield: SessionShield,
  apiToken: string,
): Promise<void> {
  const host = hostOf(shield)
  const zone = `http://${host}/client/v4/zones/${zoneIdOf(shield)}`
  const headers = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' }
  async function call(method: string, path: string, members: object): Promise<void> {
    const body = JSON.stringify(members)
    const { status, text } = await ask(target, { url: `${zone}/${path}`, method, headers, body })
    if (status !== 200) throw new Error(`${method} ${path} answered ${status}: ${text}`)
  }

  await call('PUT', 'api_gateway/configuration', {
    auth_id_characteristics: [{ type: 'header', name: 'x-session' }],
  })
  for (const step of ['balance', 'transfer', 'cart', 'order']) {
    const operation = { method: 'GET', host, endpoint: `/accounts/{account}/${step}` }
    await call('POST', 'api_gateway/operations/item', operation)
  }
  const { limit, sequence } = shield
  if (limit !== undefined) {
    const { expression, ...terms } = limit
    const ratelimit = { characteristics: ['cf.portcullis.session.client'], period: 60, ...terms }
    const rules = [{ action: 'block', expression, ratelimit }]
    await call('PUT', 'rulesets/phases/http_ratelimit/entrypoint', { rules })
  }
  if (sequence !== undefined) {
    const steps = sequence.steps.map((step) => ({
      operation: `GET ${host}/accounts/{account}/${step}`,
    }))
    await call('POST', 'portcullis/sequence_rules', { ref: 'order', [sequence.kind]: steps })
  }
}

function hostOf(shield: SessionShield): string {
  return `${zoneIdOf(shield)}.bench.example`
}

/** Each has a zone of its own. */
function zoneIdOf(shield: SessionShield): string {
  return String(SHIELDS.indexOf(shield)).padStart(32, '0')
}
