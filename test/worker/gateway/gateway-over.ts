/** A gateway over one configuration. Nobody is to be asked anything, unless the test says whom and what he answers. */
import { createEventBuffer } from '../../../worker/gateway/event-buffer.ts'
import { createGraphqlUseBuffer } from '../../../worker/gateway/graphql-use-buffer.ts'
import { createGateway } from '../../../worker/gateway/run.ts'
import { createSnapshotCache } from '../../../worker/gateway/snapshot-cache.ts'
import type { GatewayPorts } from '../../../worker/gateway/stage.ts'
import type { PublishedZone } from '../../../worker/storage/collections.ts'
import type { SecurityEvent } from '../../../worker/storage/events.ts'
import type { GraphqlObserved } from '../../../worker/storage/graphql-use.ts'
import { NO_SESSIONS } from './no-sessions.ts'

type Over = {
  readonly parts: PublishedZone
  readonly ports: Partial<GatewayPorts> & Pick<GatewayPorts, 'origin'>
}

const unexpected = () => Promise.reject(new Error('nobody was to ask'))

export function gatewayOver({ parts, ports }: Over) {
  const events: SecurityEvent[] = []
  const uses: GraphqlObserved[] = []
  const gateway = createGateway({
    snapshots: createSnapshotCache({
      source: { newest: async (known) => (known === 1 ? null : { version: 1, parts }) },
      report(cause) {
        throw cause
      },
    }),
    events: createEventBuffer(
      { record: async (batch) => void events.push(...batch), list: async () => events },
      async () => {},
    ),
    graphqlUse: createGraphqlUseBuffer(
      { record: async (batch) => void uses.push(...batch) },
      async () => {},
    ),
    ports: {
      certificates: unexpected,
      tokens: {
        keys: { current: unexpected },
        replays: { claim: unexpected },
        open: unexpected,
        wait: unexpected,
      },
      schemas: { validator: unexpected, responseValidator: unexpected },
      ...NO_SESSIONS,
      keyedHash: async () => null,
      isSampled: () => false,
      nowMs: () => Date.now(),
      failOpen: new Set(),
      ...ports,
    },
    uuid: () => crypto.randomUUID(),
  })

  /** The answer, once all that goes on after it is done, and the events that the request left. */
  async function fetch(request: Request) {
    const before = events.length
    const work: Promise<unknown>[] = []
    const response = await gateway.fetch(request, (later) => void work.push(later))
    await Promise.all(work)
    return { response, events: events.slice(before) }
  }

  return { fetch, events, uses }
}
