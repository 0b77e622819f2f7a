/**
 * The composition root: builds the ports, mounts the data plane and, behind a dynamic import, the control plane. The only
 * file that knows both.
 */
import type { Jwk } from '#engines/tokens'
import { createEventBuffer } from './gateway/event-buffer.ts'
import { createGraphqlUseBuffer } from './gateway/graphql-use-buffer.ts'
import { configurationRefused } from './gateway/observation.ts'
import { createOriginPort } from './gateway/origin.ts'
import { createGateway } from './gateway/run.ts'
import { createKeyedHasher } from './gateway/keyed-hash.ts'
import { isOutdated } from './gateway/schema-registry.ts'
import { createSchemaStore } from './gateway/schema-store.ts'
import { createSnapshotCache } from './gateway/snapshot-cache.ts'
import { createBlockMemory } from './gateway/sessions/block-memory.ts'
import { approximateBindingName } from './gateway/sessions/visit.ts'
import { logFailure } from './log.ts'
import type { ManagementPorts } from './management/ports.ts'
import type { Management } from './management/api.ts'
import type { Schedule } from './management/schedule.ts'
import { remotePorts } from './remote/ports.ts'
import type { PublishedSnapshots, RawSnapshot } from './storage/ports.ts'
import type { TokenConfiguration } from './storage/resources/tokens.ts'
import { failOpenDetectors, rateLimitBinding, type Settings, settingProblems } from './settings.ts'
import { createSeedStore } from './storage/kv/seed-store.ts'
import { createSchemaPartSource } from './storage/kv/schema-part-source.ts'
import { createSnapshotSource } from './storage/kv/snapshot-source.ts'
import { createGraphqlUseStore } from './storage/objects/graphql-use-store.ts'
import { createKeySources } from './storage/objects/key-source-store.ts'
import { createSessionStore } from './storage/objects/session-store.ts'
import { createTokenReplayStore } from './storage/objects/token-replay-store.ts'
import { createEventStore } from './storage/objects/traffic-store.ts'
import { createZoneStore } from './storage/objects/zone-store.ts'
import { openKeys } from './storage/token-secrets.ts'

export type App = {
  fetch(request: Request, later: (work: Promise<unknown>) => void): Promise<Response>
  scheduled(): Promise<void>
}

/** All paths below it are the management API's; every other path is the protected API's. */
const MANAGEMENT_PREFIX = '/client/v4/'

/** @throws when the environment cannot serve any request; the runtime logs it. */
export function createApp(settings: Settings): App {
  const problems = settingProblems(settings)
  if (problems.length > 0) throw new Error(`The Worker cannot start: ${problems.join('; ')}`)

  const zoneObject = () => settings.ZONE.getByName(settings.ZONE_ID)
  const events = createEventStore(settings.TRAFFIC, settings.ZONE_ID)
  const graphqlUses = createGraphqlUseStore(settings.TRAFFIC, settings.ZONE_ID)
  const sessions = createSessionStore(settings.SESSIONS, settings.ZONE_ID)
  const keySources = createKeySources(settings.KEY_SOURCES, settings.ZONE_ID)
  const buffer = createEventBuffer(events, (ms) => scheduler.wait(ms))
  const graphqlUse = createGraphqlUseBuffer(graphqlUses, (ms) => scheduler.wait(ms))
  const published = createSnapshotSource({
    kv: settings.CONFIGURATION,
    zoneId: settings.ZONE_ID,
    fallback: () => zoneObject().snapshot(),
  })
  const snapshots = createSnapshotCache({
    source: { newest: (known) => seeded(published, known) },
    report(cause, versionInForce) {
      logFailure('configuration_refused', cause, { version_in_force: versionInForce })
      const at = { id: crypto.randomUUID(), nowMs: Date.now() }
      buffer.add([configurationRefused(cause, versionInForce, at)])
    },
  })
  const gateway = createGateway({
    snapshots,
    events: buffer,
    graphqlUse,
    ports: {
      origin: createOriginPort(settings),
      certificates: () => import('#engines/certificates'),
      schemas: createSchemaStore({
        source: createSchemaPartSource({
          kv: settings.CONFIGURATION,
          zoneId: settings.ZONE_ID,
          fallback: (digest) => zoneObject().schemaPart(digest),
        }),
        wait: (ms) => scheduler.wait(ms),
      }),
      tokens: {
        keys: keySources,
        replays: createTokenReplayStore(settings.TOKEN_REPLAYS, settings.ZONE_ID),
        open: (configuration) => openConfiguredKeys(configuration, settings),
        wait: (ms) => scheduler.wait(ms),
      },
      sessions,
      blocks: createBlockMemory(),
      approximateLimit: (limit, periodSeconds) =>
        rateLimitBinding(settings, approximateBindingName(limit, periodSeconds)),
      keyedHash: createKeyedHasher({
        sealingSecret: settings.SEALING_SECRET,
        zoneId: settings.ZONE_ID,
      }),
      isSampled: (oneIn) => Math.random() * oneIn < 1,
      nowMs: () => Date.now(),
      failOpen: failOpenDetectors(settings),
    },
    uuid: () => crypto.randomUUID(),
  })
  const managementPorts: ManagementPorts = {
    zone: createZoneStore(settings.ZONE, settings.ZONE_ID),
    events,
    graphqlUses,
    seed: createSeedStore(settings.CONFIGURATION, settings.ZONE_ID),
    remote: remotePorts(settings),
    keySources,
    sessions,
    settings,
    nowMs: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    uuid: () => crypto.randomUUID(),
    changed: () => snapshots.reload(Date.now()),
    flushEvents: () => buffer.flush(),
    flushGraphqlUse: () => graphqlUse.flush(),
  }
  /** Whether this isolate has asked the Zone object to finish what a crash may have left unpublished. */
  let caughtUp = false
  let management: Management | null = null
  let schedule: Schedule | null = null

  /** A zone that nobody has written to yet takes what was seeded before its first request is judged. */
  async function seeded(
    source: PublishedSnapshots,
    known: number | null,
  ): Promise<RawSnapshot | null> {
    const raw = await source.newest(known)
    if (raw?.version !== 0) return raw === null ? raw : upToDate(source, raw)
    const { reconcileSeed } = await import('./management/portcullis/seed.ts')
    const report = await reconcileSeed({ ...managementPorts, changed: async () => {} })
    return report === null ? raw : source.newest(known)
  }

  /** After a new release: what an older one compiled is compiled anew before the first request is judged by it. */
  async function upToDate(source: PublishedSnapshots, raw: RawSnapshot): Promise<RawSnapshot> {
    if (!raw.parts.schema_profile.some(isOutdated)) return raw
    const { recompileSchemas } = await import('./management/schema-validation/recompile.ts')
    try {
      await recompileSchemas({ ...managementPorts, changed: async () => {} })
    } catch (cause) {
      // The operations of those that do not compile are stopped until they do; all others are served.
      logFailure('schemas_outdated', cause)
    }
    try {
      // KV may show the older state for a while yet.
      return await source.truth()
    } catch (cause) {
      logFailure('configuration_store_unusable', cause)
      return raw
    }
  }

  return {
    async fetch(request, later) {
      if (!caughtUp) {
        caughtUp = true
        later(zoneObject().ensurePublished())
      }
      if (!isManagement(request, settings)) return gateway.fetch(request, later)
      const { createManagement } = await import('./management/api.ts')
      management ??= createManagement(managementPorts)
      return management.fetch(request)
    },
    async scheduled() {
      await zoneObject().ensurePublished()
      const { createSchedule } = await import('./management/schedule.ts')
      schedule ??= createSchedule(managementPorts)
      await schedule.run()
    },
  }
}

async function openConfiguredKeys(
  { id, credentials }: TokenConfiguration,
  { SEALING_SECRET: secret, ZONE_ID: zoneId }: Settings,
): Promise<readonly Jwk[]> {
  const opened = await openKeys(credentials.keys, { secret, zoneId, configurationId: id })
  if (opened.ok) return opened.value
  throw new Error(`keys_unavailable: a secret of token configuration ${id} does not open`)
}

function isManagement(request: Request, { MANAGEMENT_HOST }: Settings): boolean {
  // Most requests are the API's: only one that might be ours is worth parsing a URL for.
  if (!request.url.includes(MANAGEMENT_PREFIX)) return false
  const { host, pathname } = new URL(request.url)
  return (
    pathname.startsWith(MANAGEMENT_PREFIX) &&
    (MANAGEMENT_HOST === '' || host === MANAGEMENT_HOST.toLowerCase())
  )
}
