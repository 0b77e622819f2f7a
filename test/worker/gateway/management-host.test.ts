import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { createApp } from '../../../worker/app.ts'
import type { Settings } from '../../../worker/settings.ts'
import { settingProblems } from '../../../worker/settings.ts'

const settings: Settings = { ...(env as unknown as Settings), MANAGEMENT_HOST: 'Manage.example' }

test('MANAGEMENT_HOST alone answers management calls; elsewhere their paths are the API’s', async () => {
  const app = createApp(settings)
  const ask = (host: string) =>
    app.fetch(new Request(`https://${host}/client/v4/user/tokens/verify`), () => {})
  expect((await ask('manage.example')).status).toBe(401)
  const answer = await ask('api.example')
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    url: 'https://api.example/client/v4/user/tokens/verify',
  })
})

test.each([
  { name: 'no zone', changed: { ZONE_ID: '' }, problem: 'ZONE_ID' },
  {
    name: 'an origin with a path',
    changed: { ORIGIN_URL: 'https://o.example/base' },
    problem: 'ORIGIN_URL',
  },
  { name: 'an origin that is no URL', changed: { ORIGIN_URL: 'origin' }, problem: 'ORIGIN_URL' },
  { name: 'a detector that is none', changed: { FAIL_OPEN: 'schema, jwt' }, problem: 'FAIL_OPEN' },
])('the Worker does not start with $name', ({ changed, problem }) => {
  expect(settingProblems({ ...settings, ...changed }).join()).toContain(problem)
  expect(() => createApp({ ...settings, ...changed })).toThrow(problem)
})
