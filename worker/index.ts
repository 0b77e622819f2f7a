/** What the runtime calls: requests, the schedule, and the Durable Object classes. */
import { type App, createApp } from './app.ts'
import type { Settings } from './settings.ts'

export { KeySource } from './storage/objects/key-source.ts'
export { Session } from './storage/objects/session.ts'
export { TokenReplay } from './storage/objects/token-replay.ts'
export { Traffic } from './storage/objects/traffic.ts'
export { Zone } from './storage/objects/zone.ts'

/** One an isolate: the bindings of an isolate never change. */
let app: App | null = null

export default {
  fetch(request, settings, context) {
    app ??= createApp(settings)
    return app.fetch(request, (work) => context.waitUntil(work))
  },
  async scheduled(_controller, settings) {
    app ??= createApp(settings)
    await app.scheduled()
  },
} satisfies ExportedHandler<Settings>
