import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readToken, readUrl, readZoneId } from '../../cli/seed-settings.ts'
import { createProject, type Project } from './project.ts'

let project: Project | null = null

afterEach(async () => {
  await project?.remove()
  project = null
})

test.each([
  { environment: {}, url: 'http://127.0.0.1:8787' },
  { environment: { HTTP_PORT: '9000' }, url: 'http://127.0.0.1:9000' },
  { environment: { HTTP_PORT: '', PORTCULLIS_URL: '' }, url: 'http://127.0.0.1:8787' },
  {
    environment: { HTTP_PORT: '9000', PORTCULLIS_URL: 'https://a.example' },
    url: 'https://a.example',
  },
])('the shield is at $url with $environment', ({ environment, url }) => {
  expect(readUrl(environment)).toBe(url)
})

describe('the token', () => {
  test('is that of the environment, else the kept one without its line end', async () => {
    project = await createProject({ 'api-token': 'kept-token\n' })
    const STATE_DIR = project.root
    expect(await readToken({ STATE_DIR, API_TOKEN: 'given' })).toEqual({ ok: true, value: 'given' })
    expect(await readToken({ STATE_DIR, API_TOKEN: '' })).toEqual({ ok: true, value: 'kept-token' })
  })

  test('that cannot be read is named with its path', async () => {
    project = await createProject({ 'api-token/not-a-file': '' })
    expect(await readToken({ STATE_DIR: project.root })).toEqual({
      ok: false,
      error: `the API token cannot be read (${join(project.root, 'api-token')}): EISDIR`,
    })
  })
})

describe('the zone id', () => {
  test('is that of the environment, else of wrangler.toml', async () => {
    project = await createProject({
      'wrangler.toml': 'name = "a"\n[vars]\nZONE_ID = "of-the-file"\n',
    })
    expect(await readZoneId({ ZONE_ID: 'given' }, project.root)).toEqual({
      ok: true,
      value: 'given',
    })
    expect(await readZoneId({}, project.root)).toEqual({ ok: true, value: 'of-the-file' })
  })

  test.each([
    {
      name: 'a wrangler.toml without it',
      text: 'name = "a"\n',
      error: 'ZONE_ID is neither set nor in',
    },
    { name: 'a broken wrangler.toml', text: '[', error: 'cannot be read' },
  ])('is missing: $name', async ({ text, error }) => {
    project = await createProject({ 'wrangler.toml': text })
    expect(await readZoneId({}, project.root)).toMatchObject({
      ok: false,
      error: expect.stringContaining(error),
    })
  })
})
