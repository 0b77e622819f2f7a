import { beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { TokenRule } from '../../../../worker/storage/resources/tokens.ts'
import { A, type Caller, NO_SUCH_ID, Z } from '../../../support/management.ts'
import { newConfiguration, zoneWithOperations } from './support.ts'

const PATH = `${Z}/token_validation/rules`

type Members = { readonly [member: string]: unknown }

const draft = (configurationId: string, members: Members = {}) => ({
  title: 'Guard',
  description: 'Nobody comes in without a token',
  action: 'block',
  enabled: true,
  expression: `is_jwt_valid("${configurationId}")`,
  selector: { include: [{ host: ['v1.example.com'] }] },
  ...members,
})

const titles = async (call: Caller, query = '') => {
  const { result } = await call<readonly TokenRule[]>(`GET ${PATH}${query}`)
  return result.map(({ title }) => title)
}

describe('200', () => {
  test('a rule is answered with its hosts in their one spelling, and can be read again', async () => {
    const { call, configurationId, operations } = await zoneWithOperations('rule-create')
    const exclude = [{ operation_ids: [operations[1]?.operation_id] }]
    const body = draft(configurationId, {
      selector: { include: [{ host: ['V1.Example.com:443', 'v2.example.com'] }], exclude },
    })
    const made = await call<TokenRule>(`POST ${PATH}`, { body })
    expect(made).toMatchObject({ status: 200, messages: [] })
    expect(made.result).toMatchObject({
      ...body,
      selector: { include: [{ host: ['v1.example.com', 'v2.example.com'] }], exclude },
    })
    expect(made.result.id).toMatch(/^[\da-f-]{36}$/)
    expect((await call(`GET ${PATH}/${made.result.id}`)).result).toEqual(made.result)
    expect((await call(`GET ${PATH}`)).result).toEqual([made.result])
  })

  test.each([
    ['empty', {}],
    ['null', { include: null, exclude: null }],
    ['without hosts', { include: [{}, { host: [] }] }],
  ])('a selector that covers nothing is taken and told: %s', async (name, selector) => {
    const { call, configurationId } = await zoneWithOperations(`rule-${name}`)
    const made = await call(`POST ${PATH}`, { body: draft(configurationId, { selector }) })
    expect(made).toMatchObject({ status: 200, result: { selector }, messages: [{ code: 1906 }] })
  })

  test('title and description may be as long as their bounds', async () => {
    const { call, configurationId } = await zoneWithOperations('rule-texts')
    const members = { title: 'x'.repeat(50), description: 'x'.repeat(500) }
    const made = await call(`POST ${PATH}`, { body: draft(configurationId, members) })
    expect(made).toMatchObject({ status: 200, result: members })
  })

  test('claims, lists and preflight requests may be spoken of', async () => {
    const { call, configurationId } = await zoneWithOperations('rule-language')
    await call(`POST ${A}/rules/lists`, { body: { kind: 'ip', name: 'rule_office' } })
    const expression = `any(http.request.jwt.claims.aud["${configurationId}"][*] eq "api") or ip.src in $rule_office or http.request.method eq "OPTIONS"`
    const made = await call(`POST ${PATH}`, { body: draft(configurationId, { expression }) })
    expect(made.status).toBe(200)
    const lists = await call<{ id: string; num_referencing_filters: number }[]>(
      `GET ${A}/rules/lists`,
    )
    expect(lists.result).toMatchObject([{ num_referencing_filters: 1 }])
    const gone = await call(`DELETE ${A}/rules/lists/${lists.result[0]?.id}`)
    expect(gone).toMatchObject({ status: 409 })
    expect(gone.errors[0]?.message).toMatch(/the token validation rule "Guard"/)
  })

  test('an edit changes what it says and leaves the place', async () => {
    let nowMs = 1_000
    const { call, configurationId } = await zoneWithOperations('rule-edit', {
      nowMs: () => nowMs,
    })
    for (const title of ['a', 'b', 'c']) {
      await call(`POST ${PATH}`, { body: draft(configurationId, { title }) })
    }
    const { result } = await call<readonly TokenRule[]>(`GET ${PATH}`)
    const [, second] = result
    nowMs = 2_000
    const edited = await call(`PATCH ${PATH}/${second?.id}`, {
      body: { action: 'log', enabled: false },
    })
    const last_updated = '1970-01-01T00:00:02.000Z'
    expect(edited.result).toEqual({ ...second, action: 'log', enabled: false, last_updated })
    expect(await titles(call)).toEqual(['a', 'b', 'c'])
    const { id } = result[2] ?? {}
    await call(`PATCH ${PATH}/${id}`, { body: { position: { index: 1 } } })
    expect(await titles(call)).toEqual(['c', 'a', 'b'])
    expect(await call(`DELETE ${PATH}/${id}`)).toMatchObject({ status: 200, result: { id } })
    expect(await titles(call)).toEqual(['a', 'b'])
  })

  test('an excluded operation that is gone since does not hinder an edit', async () => {
    const { call, configurationId, operations } = await zoneWithOperations('rule-orphan')
    const id = operations[0]?.operation_id
    const body = draft(configurationId, { selector: { exclude: [{ operation_ids: [id] }] } })
    const { result } = await call<TokenRule>(`POST ${PATH}`, { body })
    await call(`DELETE ${Z}/api_gateway/operations/${id}`)
    const edit = await call(`PATCH ${PATH}/${result.id}`, { body: { enabled: false } })
    expect(edit).toMatchObject({ status: 200, result: { selector: body.selector } })
  })

  test('the list can be filtered', async () => {
    const { call, configurationId } = await zoneWithOperations('rule-filter')
    const other = await newConfiguration(call)
    const made = []
    for (const members of [
      { title: 'one' },
      { title: 'two', action: 'log', enabled: false },
      { title: 'three', selector: { include: [{ host: ['v2.example.com'] }] } },
      { title: 'four', expression: `is_jwt_present("${other}")` },
    ]) {
      const { result } = await call<TokenRule>(`POST ${PATH}`, {
        body: draft(configurationId, members),
      })
      made.push(result.id)
    }
    const [first, second] = made
    for (const [query, wanted] of [
      [`?id=${first}`, ['one']],
      [`?rule_id=${first}&id=${second}`, ['one', 'two']],
      ['?action=log', ['two']],
      ['?enabled=false', ['two']],
      ['?enabled=true&action=block', ['one', 'three', 'four']],
      ['?host=V2.example.com', ['three']],
      ['?hostname=v1.example.com&per_page=2', ['one', 'two']],
      [`?token_configuration=${other}`, ['four']],
      [
        `?token_configuration=${other}&token_configuration=${configurationId}&per_page=3&page=2`,
        ['four'],
      ],
      [`?token_configuration=${NO_SUCH_ID}`, []],
    ] as const) {
      expect(await titles(call, query), query).toEqual(wanted)
    }
  })
})

describe('400', () => {
  let zone: Awaited<ReturnType<typeof zoneWithOperations>>
  beforeAll(async () => {
    zone = await zoneWithOperations('rule-400')
  })

  test.each<[string, Members, string]>([
    ['no title', { title: undefined }, '/title'],
    ['a title above the bound', { title: 'x'.repeat(51) }, '/title'],
    ['a description above the bound', { description: 'x'.repeat(501) }, '/description'],
    ['another action', { action: 'skip' }, '/action'],
    ['no word on whether it is enabled', { enabled: undefined }, '/enabled'],
    ['no expression', { expression: undefined }, '/expression'],
    ['an expression that does not parse', { expression: 'ssl and' }, '/expression'],
    ['an expression that is no condition', { expression: 'http.host' }, '/expression'],
    ['a list that is not there', { expression: 'ip.src in $nobody' }, '/expression'],
    ['the answer of the origin', { expression: 'http.response.code eq 200' }, '/expression'],
    ['no selector', { selector: undefined }, '/selector'],
    [
      'a host that is none',
      { selector: { include: [{ host: ['a.example', 'a b'] }] } },
      '/selector/include/0/host/1',
    ],
    [
      'an operation that is not there',
      { selector: { exclude: [{}, { operation_ids: [NO_SUCH_ID] }] } },
      '/selector/exclude/1/operation_ids/0',
    ],
    [
      'a condition that is not known',
      { selector: { include: [{ operation_ids: [] }] } },
      '/selector/include/0',
    ],
    ['a position before nothing', { position: { before: NO_SUCH_ID } }, '/position/before'],
    ['an index of nought', { position: { index: 0 } }, '/position/index'],
  ])('%s is refused with its place', async (_name, members, pointer) => {
    const reply = await zone.call(`POST ${PATH}`, { body: draft(zone.configurationId, members) })
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors.map(({ source }) => source?.pointer)).toContain(pointer)
    expect((await zone.call(`GET ${PATH}`)).result).toEqual([])
  })

  test.each([
    'is_jwt_valid("#")',
    'not ssl and is_jwt_present("#")',
    'has_key(http.request.jwt.claims, "x") or http.request.jwt.claims["#"][0] eq "x"',
    'any(http.request.jwt.claims.nbf.sec["#"][*] gt 1)',
  ])('a configuration that is not there is pointed at: %s', async (pattern) => {
    const expression = pattern.replace('#', NO_SUCH_ID)
    const body = draft(zone.configurationId, { expression })
    const reply = await zone.call(`POST ${PATH}`, { body })
    expect(reply).toMatchObject({ status: 400, errors: [{ code: 20127 }] })
    const column = expression.indexOf(NO_SUCH_ID) + 1
    expect(reply.errors[0]?.message).toContain(`(1:${column})`)
    expect(reply.errors[0]?.message).toMatch(/\^{36} no token configuration has this id/)
  })

  test.each([
    ['action=skip', 400],
    ['enabled=1', 400],
    ['per_page=0', 400],
  ])('the list with ?%s', async (query, status) => {
    expect((await zone.call(`GET ${PATH}?${query}`)).status).toBe(status)
  })
})

describe('the bound', () => {
  test('of rules', async () => {
    const { call, configurationId } = await zoneWithOperations('rule-many')
    const bodies = Array.from({ length: LIMITS.tokenRulesMax }, () => draft(configurationId))
    expect((await call(`POST ${PATH}/bulk`, { body: bodies })).status).toBe(200)
    const more = await call(`POST ${PATH}`, { body: draft(configurationId) })
    expect(more).toMatchObject({ status: 400, errors: [{ code: 1007 }] })
  })

  test('of their characters together', async () => {
    const { call, configurationId } = await zoneWithOperations('rule-large')
    const { tokenRuleCharactersTotalMax: charactersMax, hostnamesMax } = LIMITS
    const room = async () =>
      charactersMax - JSON.stringify((await call(`GET ${PATH}`)).result).length
    const add = async (hosts: number) => {
      const parts = Array.from({ length: Math.ceil(hosts / hostnamesMax) }, (_, part) =>
        Math.min(hostnamesMax, hosts - part * hostnamesMax),
      )
      const include = parts.map((length) => ({ host: Array.from({ length }, () => LONG_HOST) }))
      const body = draft(configurationId, { description: '', selector: { include } })
      const { status, result } = await call<TokenRule>(`POST ${PATH}`, { body })
      expect(status).toBe(200)
      return result.id
    }
    while ((await room()) > A_BODY_OF_HOSTS * PER_HOST) await add(A_BODY_OF_HOSTS)
    // The rest of a rule has some 400 characters; what is left over is for the description.
    const last = await add(Math.floor(((await room()) - 600) / PER_HOST))
    const left = await room()
    const describedBy = (characters: number) =>
      call(`PATCH ${PATH}/${last}`, { body: { description: 'x'.repeat(characters) } })
    expect(await describedBy(left + 1)).toMatchObject({ status: 400, errors: [{ code: 1007 }] })
    expect(await describedBy(left)).toMatchObject({ status: 200 })
    expect(await room()).toBe(0)
  })
})

const LONG_HOST = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`

/** In JSON, with quotation marks and comma. */
const PER_HOST = LONG_HOST.length + 3

/** As many as have room in the body of one call. */
const A_BODY_OF_HOSTS = 3_900

describe('404', () => {
  test.each([
    ['GET', undefined],
    ['PATCH', { enabled: false }],
    ['DELETE', undefined],
  ])('%s of what is not there', async (method, body) => {
    const { call } = await zoneWithOperations(`rule-404-${method}`)
    const options = body === undefined ? {} : { body }
    expect((await call(`${method} ${PATH}/${NO_SUCH_ID}`, options)).status).toBe(404)
  })
})
