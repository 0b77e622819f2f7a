/**
 * Walks the journey: the only loop over its stages, the only place that turns a rejection into a response, and the only one
 * that writes events. Whatever breaks here ends in an answer and an event, never in silence.
 */
import { logFailure } from '../log.ts'
import type { EventBuffer } from './event-buffer.ts'
import { type Exchange, openExchange } from './exchange.ts'
import { JOURNEY } from './journey.ts'
import { eventsOf } from './observation.ts'
import { reject } from './rejection.ts'
import { EMPTY_SNAPSHOT } from './empty-snapshot.ts'
import type { GatewayRule, Snapshot } from './snapshot.ts'
import type { SnapshotCache } from './snapshot-cache.ts'
import type { BrokenDetector, GatewayPorts, Outcome, Rejection } from './stage.ts'

export type Gateway = {
  fetch(request: Request, later: (work: Promise<unknown>) => void): Promise<Response>
}

type Parts = {
  readonly snapshots: SnapshotCache
  readonly events: EventBuffer
  readonly ports: GatewayPorts
  readonly nowMs: () => number
  readonly uuid: () => string
}

export function createGateway({ snapshots, events, ports, nowMs, uuid }: Parts): Gateway {
  return {
    async fetch(request, later) {
      const now = nowMs()
      const rayId = request.headers.get('cf-ray') ?? uuid()
      const configured = await configuration(now, later)
      const snapshot = 'rejection' in configured ? EMPTY_SNAPSHOT : configured
      const exchange = openExchange({ request, snapshot, nowMs: now, rayId })
      const passage =
        'rejection' in configured
          ? { ...NOTHING_NOTED, ...configured, response: null }
          : await travel(exchange, ports)
      const { rejection } = passage
      events.add(eventsOf(exchange, passage, uuid))
      const flush = events.flushSoon(now)
      if (flush !== null) later(flush)
      return rejection === null ? passage.response : reject(rejection, rayId)
    },
  }

  async function configuration(
    now: number,
    later: (work: Promise<unknown>) => void,
  ): Promise<Snapshot | { readonly rejection: Rejection }> {
    try {
      return await snapshots.current(now, later)
    } catch (cause) {
      logFailure('configuration_unavailable', cause)
      return { rejection: { kind: 'configuration_unavailable', cause: messageOf(cause) } }
    }
  }
}

type Passage = {
  readonly noted: readonly GatewayRule[]
  readonly broken: readonly BrokenDetector[]
} & (
  | { readonly rejection: Rejection; readonly response: null }
  | { readonly rejection: null; readonly response: Response }
)

const NOTHING_NOTED = { noted: [], broken: [] } as const

async function travel(exchange: Exchange, ports: GatewayPorts): Promise<Passage> {
  const noted: GatewayRule[] = []
  const broken: BrokenDetector[] = []
  for (const stage of JOURNEY) {
    let outcome: Outcome
    try {
      outcome = await stage.run(exchange, ports)
    } catch (cause) {
      logFailure('stage_failed', cause, { stage: stage.name, ray_id: exchange.rayId })
      const rejection = {
        kind: 'internal_error',
        stage: stage.name,
        cause: messageOf(cause),
      } as const
      return { noted, broken, rejection, response: null }
    }
    if (outcome.kind === 'answered')
      return { noted, broken, rejection: null, response: outcome.response }
    noted.push(...(outcome.noted ?? []))
    broken.push(...(outcome.broken ?? []))
    if (outcome.kind === 'rejected')
      return { noted, broken, rejection: outcome.rejection, response: null }
  }
  throw new Error('the journey ended without an answer')
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
