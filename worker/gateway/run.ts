/**
 * Walks the journey: the only loop over its stages, the only place that turns a rejection into a response, and the only one
 * that writes events of requests. A stage that breaks ends in an answer and an event, never in silence.
 */
import { logFailure } from '../log.ts'
import type { SecurityEvent } from '../storage/events.ts'
import type { EventBuffer } from './event-buffer.ts'
import { type Exchange, openExchange } from './exchange.ts'
import type { GraphqlUseBuffer } from './graphql-use-buffer.ts'
import { JOURNEY } from './journey.ts'
import { sessionState } from './detectors/session-state.ts'
import { eventsOf } from './observation.ts'
import { reject } from './rejection.ts'
import { createResponseInspector } from './response-inspection.ts'
import { sessionNameOf } from './sessions/keys.ts'
import { EMPTY_SNAPSHOT } from './empty-snapshot.ts'
import { settle, settlingAfter } from './sessions/settle.ts'
import type { Snapshot } from './snapshot.ts'
import type { SnapshotCache } from './snapshot-cache.ts'
import type { GatewayPorts, Outcome, Rejection } from './stage.ts'

export type Gateway = {
  fetch(request: Request, later: (work: Promise<unknown>) => void): Promise<Response>
}

type Parts = {
  readonly snapshots: SnapshotCache
  readonly events: EventBuffer
  readonly graphqlUse: GraphqlUseBuffer
  readonly ports: GatewayPorts
  readonly uuid: () => string
}

export function createGateway({ snapshots, events, graphqlUse, ports, uuid }: Parts): Gateway {
  const { nowMs } = ports
  const inspector = createResponseInspector({
    schemas: ports.schemas,
    uuid,
    async report(event) {
      events.add([event])
      await events.flushSoon(nowMs())
    },
  })

  return {
    async fetch(request, later) {
      const now = nowMs()
      const rayId = request.headers.get('cf-ray') ?? uuid()
      const configured = await configuration(now, later)
      const isConfigured = !('kind' in configured)
      const snapshot = isConfigured ? configured : EMPTY_SNAPSHOT
      const exchange = openExchange({ request, snapshot, nowMs: now, rayId, later })
      const passage: Passage = isConfigured
        ? await travel(exchange, ports)
        : { kind: 'rejected', rejection: configured }
      const response = answerOf(exchange, passage)
      await settleSessions(exchange, passage, response)
      const rejection = passage.kind === 'rejected' ? passage.rejection : null
      const written = eventsOf(exchange, rejection, uuid)
      if (written.length > 0) events.add(await withSession(written, exchange, ports))
      const counting = countGraphql(exchange, passage, now)
      if (counting !== null) later(counting)
      const flush = events.flushSoon(now)
      if (flush !== null) later(flush)
      return response
    },
  }

  function answerOf(exchange: Exchange, passage: Passage): Response {
    return passage.kind === 'rejected'
      ? reject(passage.rejection, exchange.rayId)
      : inspector.inspect(exchange, passage.response)
  }

  /** An answer is not withheld because it could not be counted; that is told. */
  async function settleSessions(
    exchange: Exchange,
    passage: Passage,
    { status, headers }: Response,
  ): Promise<void> {
    const isOfOrigin = passage.kind === 'answered'
    const isRefused = !isOfOrigin && passage.rejection.kind !== 'origin_unreachable'
    const settling = settlingAfter(exchange, { status, headers, isOfOrigin, isRefused })
    if (settling === null) return
    const settled = settle(settling, ports).catch((cause: unknown) => {
      logFailure('sessions_not_settled', cause, { ray_id: exchange.rayId })
      exchange.failedOpen.set(sessionState, {
        detector: sessionState.name,
        cause: `the answer could not be counted: ${messageOf(cause)}`,
      })
    })
    if (settling.isAwaited) await settled
    else exchange.later(settled)
  }

  /** Only what the origin took: attacks that were stopped say nothing about what is usual. */
  function countGraphql(
    { graphql }: Exchange,
    passage: Passage,
    now: number,
  ): Promise<void> | null {
    if (graphql === null || passage.kind === 'rejected' || passage.response.status >= 400) {
      return null
    }
    graphqlUse.add({ ...graphql, originMs: passage.originMs }, now)
    return graphqlUse.flushSoon(now)
  }

  async function configuration(
    now: number,
    later: (work: Promise<unknown>) => void,
  ): Promise<Snapshot | Rejection> {
    try {
      return await snapshots.current(now, later)
    } catch (cause) {
      logFailure('configuration_unavailable', cause)
      return { kind: 'configuration_unavailable', cause: messageOf(cause) }
    }
  }
}

type Passage = Exclude<Outcome, { readonly kind: 'go_on' }>

async function travel(exchange: Exchange, ports: GatewayPorts): Promise<Passage> {
  for (const stage of JOURNEY) {
    try {
      const outcome = await stage.run(exchange, ports)
      if (outcome.kind !== 'go_on') return outcome
    } catch (cause) {
      logFailure('stage_failed', cause, { stage: stage.name, ray_id: exchange.rayId })
      const rejection = {
        kind: 'internal_error',
        stage: stage.name,
        cause: messageOf(cause),
      } as const
      return { kind: 'rejected', rejection }
    }
  }
  throw new Error('the journey ended without an answer')
}

/** Events name the session by its keyed hash, which no other request has to wait for. */
async function withSession(
  events: readonly SecurityEvent[],
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<readonly SecurityEvent[]> {
  const session_id = await sessionNameOf(exchange, ports)
  return session_id === null ? events : events.map((event) => ({ ...event, session_id }))
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
