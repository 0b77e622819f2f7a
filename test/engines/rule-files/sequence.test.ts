import { describe, expect, test } from 'vitest'
import { operationId } from '#engines/paths'
import { operationsOfSequence, readSequence, ruleFileLimits } from '#engines/rule-files'

const BALANCE = 'GET api.example.com/accounts/{account}/balance'
const TRANSFER = 'POST api.example.com/transfers'
const FROM = 'lookup_json_string(http.request.body.raw, "from")'

type Members = { readonly [member: string]: unknown }

/** A sound sequence with other members; `undefined` takes one away. */
const sequence = (members: Members = {}) => ({
  ref: 'look-first',
  require: [{ operation: BALANCE }, { operation: TRANSFER }],
  ...members,
})

/** The last step of a sequence with more or other members. */
const last = (members: Members, first: Members = {}) =>
  sequence({
    require: [
      { operation: BALANCE, ...first },
      { operation: TRANSFER, ...members },
    ],
  })

describe('what is read', () => {
  test('has every default', () => {
    expect(readSequence(sequence())).toEqual({
      ok: true,
      value: {
        ref: 'look-first',
        description: '',
        enabled: true,
        action: 'block',
        kind: 'require',
        without_session: 'pass',
        counts: 'requested',
        steps: [{ operations: [BALANCE] }, { operations: [TRANSFER] }],
      },
    })
  })

  test('has everything that is written', () => {
    const written = {
      ref: 'r',
      description: 'why',
      enabled: false,
      action: 'log',
      without_session: 'client',
      counts: 'answered',
      forbid: [
        { operation: BALANCE },
        { operations: ['*'], within: '10m', without: ['GET api.example.com/stop'] },
        {
          operations: [TRANSFER, 'PUT api.example.com/transfers'],
          within: 30,
          immediately: true,
          at_most: 2,
          bind: { account: FROM },
        },
      ],
    }
    const { forbid: _steps, ...rest } = written
    expect(readSequence(written)).toEqual({
      ok: true,
      value: {
        ...rest,
        kind: 'forbid',
        steps: [
          { operations: [BALANCE] },
          { operations: ['*'], within: 600, without: ['GET api.example.com/stop'] },
          {
            operations: [TRANSFER, 'PUT api.example.com/transfers'],
            within: 30,
            immediately: true,
            at_most: 2,
            bind: { account: FROM },
          },
        ],
      },
    })
  })

  test.each([
    [30, 30],
    ['30s', 30],
    ['10m', 600],
    ['2h', 7_200],
    ['1d', 86_400],
  ])('a time may be %j', (within, seconds) => {
    expect(readSequence(last({ within }))).toMatchObject({
      ok: true,
      value: { steps: [{}, { within: seconds }] },
    })
  })

  test('what says nothing is left out, so that equal sequences are equal as JSON', () => {
    const idle = last({ immediately: false, without: [], bind: {} })
    expect(JSON.stringify(readSequence(idle))).toBe(JSON.stringify(readSequence(sequence())))
  })

  test.each([
    ['the bytes of a header', 'http.request.headers["x-a"][0]'],
    ['a number', 'http.request.body.size'],
  ])('a name may be bound to %s', (_name, source) => {
    expect(readSequence(last({ bind: { account: source } })).ok).toBe(true)
  })

  test('names operations by whatever spelling', async () => {
    const content = readSequence(
      sequence({
        require: [
          { operation: 'GET API.example.com:443/accounts/{a}/./balance' },
          { operations: [TRANSFER], without: [BALANCE] },
        ],
      }),
    )
    const triple = { method: 'GET', host: 'api.example.com', endpoint: '/accounts/{var1}/balance' }
    const balance = await operationId(triple)
    const transfer = await operationId({ ...triple, method: 'POST', endpoint: '/transfers' })
    expect(content.ok && operationsOfSequence(content.value)).toEqual([balance, transfer])
  })
})

const REQUIRE_LAST = ['require', 1]

describe('what is wrong is reported with its place', () => {
  test.each<[string, unknown, readonly (string | number)[], string]>([
    ['no object', 7, [], 'must be an object'],
    ['an unknown member', sequence({ widthin: 1 }), ['widthin'], 'not known here'],
    ['an answered member', sequence({ id: 'a' }), ['id'], 'not known here'],
    ['no ref', sequence({ ref: undefined }), ['ref'], 'required'],
    ['an empty ref', sequence({ ref: '' }), ['ref'], 'must not be empty'],
    ['a long ref', sequence({ ref: 'r'.repeat(201) }), ['ref'], '201 characters'],
    [
      'a long description',
      sequence({ description: 'd'.repeat(ruleFileLimits.descriptionCharactersMax + 1) }),
      ['description'],
      'at most 500',
    ],
    ['enabled as text', sequence({ enabled: 'yes' }), ['enabled'], 'true or false'],
    ['another action', sequence({ action: 'skip' }), ['action'], 'log, block'],
    ['no steps', sequence({ require: undefined }), [], 'Exactly one of "require" and "forbid"'],
    [
      'require and forbid',
      sequence({ forbid: sequence().require }),
      [],
      'Exactly one of "require" and "forbid"',
    ],
    ['steps that are no list', sequence({ require: {} }), ['require'], 'a list of steps'],
    ['empty steps in a file', sequence({ require: null }), ['require'], 'a list of steps'],
    ['one step', sequence({ require: [{ operation: '*' }] }), ['require'], '2 to 10'],
    [
      'eleven steps',
      sequence({ require: Array.from({ length: 11 }, () => ({ operation: '*' })) }),
      ['require'],
      'has 11 steps',
    ],
    ['another without_session', sequence({ without_session: 'log' }), ['without_session'], 'pass'],
    ['another counts', sequence({ counts: 'sent' }), ['counts'], 'requested, answered'],
    ['a step that is text', sequence({ require: [BALANCE] }), ['require', 0], 'an object'],
    [
      'a misspelt member of a step',
      last({ witihn: 30 }),
      [...REQUIRE_LAST, 'witihn'],
      'not known here',
    ],
    [
      'a step without operations',
      last({ operation: undefined }),
      REQUIRE_LAST,
      'Exactly one of "operation" and "operations"',
    ],
    [
      'a step with both',
      last({ operations: [TRANSFER] }),
      REQUIRE_LAST,
      'Exactly one of "operation" and "operations"',
    ],
    [
      'an operation that is no text',
      last({ operation: 7 }),
      [...REQUIRE_LAST, 'operation'],
      'text',
    ],
    [
      'an operation that is none',
      last({ operation: 'transfers' }),
      [...REQUIRE_LAST, 'operation'],
      'a method, a space',
    ],
    [
      'an operation among others that is none',
      last({ operation: undefined, operations: [TRANSFER, 'GET api.example.com'] }),
      [...REQUIRE_LAST, 'operations', 1],
      'a method, a space',
    ],
    [
      'no operations',
      last({ operation: undefined, operations: [] }),
      [...REQUIRE_LAST, 'operations'],
      'at least one',
    ],
    [
      'operations that are no list',
      last({ operation: undefined, operations: TRANSFER }),
      [...REQUIRE_LAST, 'operations'],
      'a list of texts',
    ],
    [
      'without as text',
      last({ without: BALANCE }),
      [...REQUIRE_LAST, 'without'],
      'a list of texts',
    ],
    [
      'without something that is no operation',
      last({ without: ['GET /x', BALANCE] }),
      [...REQUIRE_LAST, 'without', 0],
      'empty',
    ],
    ['a time in weeks', last({ within: '1w' }), [...REQUIRE_LAST, 'within'], '30s, 10m, 2h, 1d'],
    ['half a second', last({ within: 0.5 }), [...REQUIRE_LAST, 'within'], 'whole seconds'],
    ['no time', last({ within: 0 }), [...REQUIRE_LAST, 'within'], 'from 1 to 86400'],
    ['a long time', last({ within: '2d' }), [...REQUIRE_LAST, 'within'], 'from 1 to 86400'],
    ['a time before the first step', last({}, { within: 1 }), ['require', 0, 'within'], 'first'],
    ['immediately as text', last({ immediately: 'yes' }), [...REQUIRE_LAST, 'immediately'], 'true'],
    ['at_most of a half', last({ at_most: 0.5 }), [...REQUIRE_LAST, 'at_most'], 'whole number'],
    ['at_most of none', last({ at_most: 0 }), [...REQUIRE_LAST, 'at_most'], 'from 1'],
    ['at_most elsewhere', last({}, { at_most: 1 }), ['require', 0, 'at_most'], 'Only the last'],
    ['bind as a list', last({ bind: [FROM] }), [...REQUIRE_LAST, 'bind'], 'map names'],
    [
      'bind to a number',
      last({ bind: { account: 7 } }),
      [...REQUIRE_LAST, 'bind', 'account'],
      'text',
    ],
    [
      'bind to a field that is none',
      last({ bind: { account: 'http.hots' } }),
      [...REQUIRE_LAST, 'bind', 'account'],
      '^',
    ],
    [
      'bind to what the session did before',
      last({ bind: { account: 'cf.sequence.current_op' } }),
      [...REQUIRE_LAST, 'bind', 'account'],
      'not known here yet',
    ],
    [
      'bind to a condition',
      last({ bind: { account: 'ssl' } }),
      [...REQUIRE_LAST, 'bind', 'account'],
      'Bool',
    ],
    [
      'bind to what the origin answers',
      last({ bind: { account: 'http.response.headers["x"][0]' } }),
      [...REQUIRE_LAST, 'bind', 'account'],
      'not known yet',
    ],
    [
      'bind a name that no other step has',
      last({ bind: { owner: FROM } }),
      [...REQUIRE_LAST, 'bind', 'owner'],
      'No other step',
    ],
    [
      'bind a name that names no object',
      last({ bind: JSON.parse(`{"__proto__":${JSON.stringify(FROM)}}`) }),
      [...REQUIRE_LAST, 'bind', '__proto__'],
      'A name is a letter',
    ],
  ])('%s', (_name, value, path, message) => {
    const read = readSequence(value)
    expect(read.ok ? [] : read.error).toEqual([
      { about: expect.any(String), path, message: expect.stringContaining(message) },
    ])
  })

  test('all at once', () => {
    const read = readSequence(
      sequence({ action: 'no', counts: 0, require: [{ operation: 7 }, { within: 'x' }] }),
    )
    expect(read.ok ? [] : read.error.map(({ path }) => path.join('.'))).toEqual([
      'action',
      'counts',
      'require.0.operation',
      'require.1.within',
      'require.1',
    ])
  })

  test('an expression error has the caret under the offence', () => {
    const read = readSequence(last({ bind: { account: 'http.hots' } }))
    expect(read.ok ? [] : read.error).toMatchObject([{ about: 'expression' }])
    expect(read.ok ? '' : read.error[0]?.message).toMatch(/\(1:1\):\nhttp\.hots\n\^+/)
  })
})

describe('operations that are not saved', () => {
  const written = sequence({
    forbid: [
      { operation: BALANCE },
      { operations: ['*'], without: [TRANSFER] },
      { operations: [BALANCE, 'GET api.example.com/other/{account}'] },
    ],
    require: undefined,
  })

  test('are told with their step', async () => {
    const saved = new Set([
      await operationId({
        method: 'GET',
        host: 'api.example.com',
        endpoint: '/accounts/{var1}/balance',
      }),
    ])
    const read = readSequence(written, saved)
    expect(read.ok ? [] : read.error).toEqual([
      {
        about: 'form',
        path: ['forbid', 1, 'without', 0],
        message: `There is no saved operation "${TRANSFER}".`,
      },
      {
        about: 'form',
        path: ['forbid', 2, 'operations', 1],
        message: 'There is no saved operation "GET api.example.com/other/{account}".',
      },
    ])
    const none = readSequence(written, new Set())
    expect(none.ok ? [] : none.error[0]).toMatchObject({ path: ['forbid', 0, 'operation'] })
  })

  test('will do where nothing is known of them', () => {
    expect(readSequence(written).ok).toBe(true)
  })
})
