/** Ways to more than a limit that clients may try: spellings of what they are counted by. */
import { describe, expect, test } from 'vitest'
import { limitOf, sessionShield } from './session-shield.ts'

describe('a value is counted as one, however it is spelled', () => {
  test.each([
    {
      name: 'in the query, with characters escaped',
      by: 'http.request.uri.args["key"]',
      asked: ['/a?key=real', '/a?key=%72eal', '/a?key=re%61l'].map((path) => ({ path })),
    },
    {
      name: 'in a cookie, with characters escaped',
      by: 'http.request.cookies["key"]',
      asked: ['real', '%72eal', 're%61l', '"real"'].map((value) => ({
        path: '/a',
        headers: { cookie: `key=${value}` },
      })),
    },
    {
      name: 'in the authorization, with another scheme',
      by: 'http.request.headers["authorization"]',
      asked: ['Bearer real', 'bearer real', 'Bearer   real'].map((authorization) => ({
        path: '/a',
        headers: { authorization },
      })),
    },
    {
      name: 'in the host, with ports',
      by: 'http.host',
      asked: ['api.example', 'api.example:443', 'API.example.:8443'].map((host) => ({
        path: '/a',
        headers: { host },
      })),
    },
  ])('$name', async ({ by, asked }) => {
    const { ask } = await sessionShield({
      limits: [{ expression: 'true', ratelimit: limitOf(1, [by]) }],
    })
    const seen: number[] = []
    for (const { path, ...rest } of asked) seen.push((await ask(path, rest)).status)
    expect(seen).toEqual([200, ...asked.slice(1).map(() => 429)])
  })

  test.each([
    {
      name: 'a cookie',
      identifier: { type: 'cookie', name: 'sid' } as const,
      header: 'cookie',
      values: ['sid=real', 'sid=%72eal', 'sid="real"'],
    },
    {
      name: 'the authorization',
      identifier: { type: 'header', name: 'Authorization' } as const,
      header: 'authorization',
      values: ['Bearer real', 'bearer real', 'Bearer   real'],
    },
  ])('of a session in $name', async ({ identifier, header, values }) => {
    const { ask } = await sessionShield({
      zone: { configuration: [{ auth_id_characteristics: [identifier] }] },
      limits: [{ expression: 'true', ratelimit: limitOf(1, ['cf.portcullis.session.id']) }],
    })
    const seen: number[] = []
    for (const value of values)
      seen.push((await ask('/a', { headers: { [header]: value } })).status)
    expect(seen).toEqual([200, 429, 429])
  })

  test.each([
    {
      name: 'in the query',
      by: 'http.request.uri.args["key"]',
      asked: (n: number) => ({ path: `/a?key=real&key=made-up-${n}` }),
    },
    {
      name: 'in cookies',
      by: 'http.request.cookies["key"]',
      asked: (n: number) => ({ path: '/a', headers: { cookie: `key=real; key=made-up-${n}` } }),
    },
  ])('$name, with others of its name', async ({ by, asked }) => {
    const { ask } = await sessionShield({
      limits: [{ expression: 'true', ratelimit: limitOf(1, [by]) }],
    })
    const seen: number[] = []
    for (let n = 0; n < 4; n++) {
      const { path, ...rest } = asked(n)
      seen.push((await ask(path, rest)).status)
    }
    expect(seen.filter((status) => status === 200)).toHaveLength(1)
  })
})
