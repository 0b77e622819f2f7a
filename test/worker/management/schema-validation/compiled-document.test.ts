/** What is stored of a document: an index and parts, none of them read for another upload, none of them left behind. */
import { expect, test } from 'vitest'
import { sha256Hex } from '../../../../worker/storage/digest.ts'
import type { Selection } from '../../../../worker/storage/ports.ts'
import type { Schema } from '../../../../worker/storage/resources.ts'
import { LIMITS } from '../../../../worker/management/limits.ts'
import { type Caller, callerOf, portsOf, Z } from '../../../support/management.ts'

const PATH = `${Z}/schema_validation/schemas`

/** A document whose operations have schemas of so many characters each. */
function sourceOf(operations: number, characters = 2_000): string {
  const schema = (number: number) => ({ const: `${number} ${'x'.repeat(characters)}` })
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'large', version: '1' },
    servers: [{ url: 'https://large.example' }],
    paths: Object.fromEntries(
      Array.from({ length: operations }, (_, number) => [
        `/r${number}`,
        {
          post: {
            requestBody: { content: { 'application/json': { schema: schema(number) } } },
            responses: { 200: { description: '' } },
          },
        },
      ]),
    ),
  })
}

async function upload(call: Caller, source: string): Promise<Schema> {
  const body = { kind: 'openapi_v3', name: 'large', source, validation_enabled: true }
  const { status, result } = await call<Schema>(`POST ${PATH}`, { body })
  expect(status).toBe(200)
  return result
}

test('the index names parts by the digest of their text, and is all that an operation needs to find them', async () => {
  const ports = portsOf('compiled-document')
  const { schema_id } = await upload(callerOf(ports), sourceOf(100))
  const { documents } = await ports.zone.read({
    schema_profile: [schema_id],
    schema_profile_part: 'all',
  })
  const [index] = documents.schema_profile
  const texts = documents.schema_profile_part.map((part) => JSON.stringify(part))
  expect(index?.parts).toEqual(await Promise.all(texts.map(sha256Hex)))
  expect(texts.length).toBeGreaterThan(2)
  for (const text of texts) {
    expect(text.length).toBeLessThanOrEqual(LIMITS.profilePartCharactersMax)
  }
  const keys = Object.values(index?.operation_keys ?? {})
  expect(keys).toHaveLength(100)
  for (const key of keys) {
    const numbers = index?.part_numbers[key] ?? []
    const holding = documents.schema_profile_part.findIndex((part) => key in part.operations)
    expect(numbers).toContain(holding)
  }
  expect(index).toMatchObject({
    source_characters: sourceOf(100).length,
    source_sha256: await sha256Hex(sourceOf(100)),
    parts_characters: texts.join('').length,
  })
})

test('an upload reads neither the texts nor the profiles of other documents', async () => {
  const ports = portsOf('compiled-document-reads')
  const read: Selection[] = []
  const zone = {
    ...ports.zone,
    read: (selection: Selection) => {
      read.push(selection)
      return ports.zone.read(selection)
    },
  }
  const call = callerOf({ ...ports, zone })
  await upload(call, sourceOf(1))
  await upload(call, sourceOf(2))
  expect(read).toEqual([{ operation: 'all' }, { operation: 'all' }])
})

test('a deleted document leaves no part behind', async () => {
  const ports = portsOf('compiled-document-deleted')
  const call = callerOf(ports)
  const kept = await upload(call, sourceOf(1))
  const gone = await upload(call, sourceOf(100))
  await call(`DELETE ${PATH}/${gone.schema_id}`)
  expect(await ports.zone.outline('schema_profile', ['schema_id'])).toEqual([
    { schema_id: kept.schema_id },
  ])
  // One of requests, one of responses.
  expect(await ports.zone.count('schema_profile_part')).toBe(2)
})

test('a seeded file that changes keeps the parts that stay the same, and leaves none behind', async () => {
  const ports = portsOf('compiled-document-seeded')
  const call = callerOf(ports)
  const seed = async (content: string) => {
    const files = [{ path: 'schemas/large.json', content }]
    await call(`PUT ${Z}/portcullis/seed`, { body: { files } })
    const { documents } = await ports.zone.read({ schema_profile: 'all' })
    const [index] = documents.schema_profile
    expect(await ports.zone.count('schema_profile_part')).toBe(index?.parts.length)
    return index
  }
  const before = await seed(sourceOf(100))
  const after = await seed(sourceOf(99))
  expect(after?.schema_id).toBe(before?.schema_id)
  expect(after?.parts.slice(0, 2)).toEqual(before?.parts.slice(0, 2))
  expect(after?.parts.at(-1)).not.toBe(before?.parts.at(-1))
  // The same file again changes nothing.
  const { version } = await ports.zone.read({})
  await seed(sourceOf(99))
  expect((await ports.zone.read({})).version).toBe(version)
})
