/**
 * A request made from each operation's own schemas is accepted: with the least it takes, and with everything it may have. The
 * same request damaged is not.
 */
import { describe, expect, test } from 'vitest'
import { hasTestdata, readRows, readTestdata } from '../engines/openapi/testdata.ts'
import { tryDocument } from '../support/generated/accepted.ts'

const string = { type: 'string' }
const integers = { type: 'array', items: { type: 'integer' }, minItems: 1 }
const point = {
  type: 'object',
  required: ['x', 'y'],
  properties: { x: { type: 'integer' }, y: { type: 'number', exclusiveMinimum: 1.5 }, z: string },
}

const EVERYTHING = {
  type: 'object',
  required: ['id', 'kind', 'when'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    kind: { oneOf: [{ type: 'string', pattern: '^[A-Z]{3}-\\d{2,4}$' }, { type: 'boolean' }] },
    when: { type: 'string', format: 'date-time' },
    price: { type: 'number', minimum: 0.5, multipleOf: 0.25 },
    tags: { type: 'array', items: string, minItems: 2, uniqueItems: true },
    place: { allOf: [point, { required: ['z'] }] },
    next: { $ref: '#/components/schemas/Everything' },
  },
  additionalProperties: false,
}

/** One parameter for each shape that the style can write. */
function parameters(location: string, style: string, explode: boolean) {
  const isObjectOnly = style === 'deepObject'
  // Members stand under their own names, so two such parameters would clash; the others cannot write them.
  const isTextOnly = explode && location !== 'header' && location !== 'path'
  return [string, integers, point]
    .filter((schema) => (isObjectOnly ? schema === point : !isTextOnly || schema !== point))
    .map((schema, index) => {
      const name = `${style}${explode ? 'Exploded' : ''}${index}`
      return { name, in: location, style, explode, required: location === 'path', schema }
    })
}

function both(location: string, ...styles: readonly string[]) {
  return styles.flatMap((style) =>
    [false, true].flatMap((explode) => parameters(location, style, explode)),
  )
}

const inPath = both('path', 'simple', 'label', 'matrix')

const everyStyle = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Every style', version: '1' },
  components: { schemas: { Everything: EVERYTHING } },
  paths: {
    [`/a/${inPath.map(({ name }) => `{${name}}`).join('/')}`]: {
      post: {
        parameters: [
          ...inPath,
          ...both('query', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject'),
          ...both('header', 'simple'),
          ...both('cookie', 'form'),
          { name: 'filter', in: 'query', content: { 'application/json': { schema: point } } },
        ],
        requestBody: {
          required: true,
          content: Object.fromEntries(
            ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'].map(
              (type) => [type, { schema: { $ref: '#/components/schemas/Everything' } }],
            ),
          ),
        },
        responses: { 204: { description: 'Done' } },
      },
    },
  },
})

test.each([false, true])('every style and every form, all optional ones too: %s', (isFull) => {
  const trial = tryDocument(everyStyle, isFull)
  expect(trial).toMatchObject({ made: 3, refused: [], unnoticed: [] })
  expect(trial.damaged).toBeGreaterThan(5)
})

/** Documents that contradict themselves, by the operations this concerns. */
const CONTRADICTIONS: {
  readonly [file: string]: readonly (readonly [why: string, which: RegExp])[]
} = {
  'shipengine.com': [['allOf of closed objects: neither allows the members of the other', /body/]],
  'formapi.io': [['paths that differ in their queries alone', /\?\w+=/]],
  'linqr.app': [['alternatives that hold for the same value', /qrcode\/contact .* one_of$/]],
  'urlbox.io': [['alternatives that hold for the same value', /\$ one_of$/]],
  '1password.com': [['alternatives that hold for the same value', /\$ one_of$/]],
  'json2video.com': [['alternatives that hold for the same value', /one_of$/]],
  'ably.io': [['alternatives that hold for the same value', /channelSubscriptions .* one_of$/]],
  'discord.com': [['alternatives that hold for the same value', /(?:one_of|any_of)$/]],
  'vtex.local': [['alternatives that hold for the same value', /pvt\/product .* one_of$/]],
  'vercel.com': [
    ['alternatives that hold for the same value', /one_of$/],
    ['additionalProperties among the properties of a closed object', /additionalProperties/],
  ],
  'atlassian.com': [
    ['alternatives that hold for the same value', /one_of$/],
    ['a closed object that requires what it does not allow', /forbidden_value$/],
  ],
  'plaid.com': [['an enum of numbers for a string', /expected:one_of$/]],
  'probely.com': [['an enum of another type than its items', /(?:enum_variant|expected:integer)$/]],
  'image-charts.com': [['an enum of texts for a boolean', /icwt expected:boolean$/]],
  'seldon.local': [['base64 that must contain " maxLength: 2097152"', /format_violation:byte$/]],
  'cloudmersive.com': [['objects in a list in a header: no style writes them', /expected:array$/]],
  'mist.com': [['two templates that hold for the same path', /\{zone_type\}\/count/]],
}

/** Alternatives, of which another one holds for what was damaged. */
const UNNOTICED: ReadonlySet<string> = new Set([
  'POST /guilds/{guild_id}/auto-moderation/rules without member trigger_metadata',
  'POST /interactions/{interaction_id}/{interaction_token}/callback without member data',
  'POST /channels/{channel_id}/threads without member message',
  'POST /v10/projects/{idOrName}/env without member target',
  'GET /v3/deployments/{idOrUrl}/events a text for statusCode',
  'POST /api/v1/orgs/{org_id}/deviceprofiles without member type',
  'PUT /api/v1/orgs/{org_id}/deviceprofiles/{deviceprofile_id} without member type',
])

/** Refused when it is read: a `$ref` that leads nowhere. */
const REFUSED = /^jumpseller/

const isPresent = hasTestdata('openapi-specs')

describe.skipIf(!isPresent)(
  'real documents (skipped without the testdata beside the repository)',
  () => {
    const rows = isPresent
      ? (readRows('openapi-specs/index.jsonl') as readonly { file: string }[])
      : []
    const files = rows.map(({ file }) => file).filter((file) => !REFUSED.test(file))

    test.each(files)('%s', (file) => {
      const source = readTestdata(`openapi-specs/${file}`)
      const known = CONTRADICTIONS[file.split('__')[0] ?? ''] ?? []
      for (const isFull of [false, true]) {
        const { made, refused, unnoticed } = tryDocument(source, isFull)
        expect(made).toBeGreaterThan(0)
        expect(refused.filter((each) => !known.some(([, which]) => which.test(each)))).toEqual([])
        expect(unnoticed.filter((each) => !UNNOTICED.has(each))).toEqual([])
      }
    })
  },
)
