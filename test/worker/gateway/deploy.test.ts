import { env, SELF } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import { createSeedStore } from '../../../worker/storage/kv/seed-store.ts'

const settings = env as unknown as Settings

test('what was seeded before the first request is in force for the first request', async () => {
  const content = `phase: http_request_firewall_custom
rules:
  - ref: nobody
    expression: cf.api_gateway.fallthrough_detected
    action: block
`
  await createSeedStore(settings.CONFIGURATION, settings.ZONE_ID).write([
    { path: 'rules/nobody.yaml', content },
  ])
  expect((await SELF.fetch('https://a.example/x')).status).toBe(403)
})
