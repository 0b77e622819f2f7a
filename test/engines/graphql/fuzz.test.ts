/**
 * graphql-js and this engine decide alike about documents that were made at random and damaged at random, however a request
 * carries them. `GRAPHQL_FUZZ=100000` makes as many, `GRAPHQL_FUZZ_SEED` makes others.
 */
import { createGraphqlMeasurer, type GraphqlDescription } from '#engines/graphql'
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { createDocument, createRandom, damage, escapedJson, type Random } from './generator.ts'
import { measureTree, type ReferenceFigures } from './reference.ts'

const DOCUMENTS = Number(process.env['GRAPHQL_FUZZ'] ?? 10_000)
const SEED = Number(process.env['GRAPHQL_FUZZ_SEED'] ?? 1)
const measurer = createGraphqlMeasurer()
const encoder = new TextEncoder()

test('random documents are accepted or refused alike, with all figures the same', () => {
  const random = createRandom(SEED)
  const tally = { accepted: 0, refused: 0 }
  for (let turn = 0; turn < DOCUMENTS; turn++) {
    const whole = createDocument(random)
    const text = random() < 0.3 ? whole : damage(whole, random)
    const { description, contentType } = carried(text, random)
    const place = `${contentType} ${JSON.stringify(text)}`
    expect(figuresOf(description), place).toEqual(measureTree(text))
    tally[description.parsed_successfully ? 'accepted' : 'refused'] += 1
  }
  // Both kinds are well represented, or the test would say nothing.
  expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(DOCUMENTS / 4)
}, 600_000)

/** The whole list of where we differ from what graphql-js does by default, and mean to. */
test.each([
  ['type definitions, which no server runs', 'type A { a: Int }', 'type_system_definition'],
  ['type definitions beside operations', '{ a } extend type A @b', 'type_system_definition'],
  [
    'empty selection sets, for which the October 2021 grammar has no place',
    '{ a { } }',
    'unexpected_token',
  ],
])('graphql-js takes and we refuse %s', (_name, text, reason) => {
  expect(() => parse(text)).not.toThrow()
  const body = encoder.encode(text)
  const request = { method: 'POST', contentType: 'application/graphql', query: '', body }
  expect(measurer.measure(request)).toMatchObject({ parsed_successfully: false, reason })
})

type Carried = { readonly description: GraphqlDescription; readonly contentType: string }

/** Raw, or in JSON with escapes where nobody would write them. */
function carried(text: string, random: Random): Carried {
  const isRaw = random() < 0.3 && text.isWellFormed()
  const contentType = isRaw ? 'application/graphql' : 'application/json'
  const body = encoder.encode(isRaw ? text : `{"query":${escapedJson(text, random)}}`)
  return {
    description: measurer.describe({ method: 'POST', contentType, query: '', body }),
    contentType,
  }
}

function figuresOf(description: GraphqlDescription): ReferenceFigures {
  const { fields, aliases, directives, fragments, operations } = description
  const isExecutable = description.parsed_successfully
  return {
    isExecutable,
    fields,
    aliases,
    directives,
    arguments: description.arguments,
    fragments,
    operations,
  }
}
