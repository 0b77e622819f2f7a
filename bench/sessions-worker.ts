/**
 * The shield, several times: each Host header has a zone of its own, so that differently configured shields run the same code in
 * the same process. Counts how often a request had to ask a Session object.
 */
import { type App, createApp } from '../worker/app.ts'
import type { Settings } from '../worker/settings.ts'
import { Session as ShieldSession } from '../worker/storage/objects/session.ts'
import { Zone as ShieldZone } from '../worker/storage/objects/zone.ts'

export { KeySource } from '../worker/storage/objects/key-source.ts'
export { TokenReplay } from '../worker/storage/objects/token-replay.ts'
export { Traffic } from '../worker/storage/objects/traffic.ts'

/** The object's environment is that of its zone. */
export class Zone extends ShieldZone {
  constructor(state: DurableObjectState, settings: Settings) {
    super(state, { ...settings, ZONE_ID: state.id.name ?? '' })
  }
}

/** Objects of a Worker share its isolate, at least in workerd on one machine. */
let calls = 0
/** Ids of objects that were asked. */
const asked = new Set<string>()

export class Session extends ShieldSession {
  override visit(visit: Parameters<ShieldSession['visit']>[0]) {
    this.#count()
    return super.visit(visit)
  }

  override settle(settlement: Parameters<ShieldSession['settle']>[0]) {
    this.#count()
    super.settle(settlement)
  }

  #count(): void {
    calls += 1
    asked.add(this.ctx.id.toString())
  }
}

const apps = new Map<string, App>()

// oxlint-disable-next-line import/no-default-export -- the runtime wants a Worker so
export default {
  async fetch(request, settings, context) {
    if (request.url.endsWith('/bench/end-sample')) return endSample()
    if (request.url.endsWith('/bench/keep-awake')) return keepAwake(settings)
    const zoneId = (request.headers.get('host') ?? '').split('.', 1)[0] ?? ''
    const app = apps.get(zoneId) ?? createApp({ ...settings, ZONE_ID: zoneId })
    apps.set(zoneId, app)
    return app.fetch(request, (work) => context.waitUntil(work))
  },
} satisfies ExportedHandler<Settings>

function endSample(): Response {
  const answer = new Response(String(calls))
  calls = 0
  return answer
}

/** Between turns nobody asks an object, and one that nobody asks is put away: not so under real load. */
async function keepAwake({ SESSIONS }: Settings): Promise<Response> {
  const ids = [...asked]
  await Promise.all(ids.map((id) => SESSIONS.get(SESSIONS.idFromString(id)).report(NOBODY)))
  return new Response(null)
}

const NOBODY = '0'.repeat(32)
