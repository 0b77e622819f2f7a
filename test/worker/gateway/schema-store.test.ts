/** What an operation's schema costs to have: one read of each part, however many ask, and never a schema with a hole. */
import type { SchemaProfile } from '#engines/openapi'
import { describe, expect, test } from 'vitest'
import { createSchemaStore } from '../../../worker/gateway/schema-store.ts'

type Schema = SchemaProfile['schemas'][string]

const operationWith = (schema: Schema): SchemaProfile['operations'][string] => ({
  path_variables: [],
  parameters: [],
  body: { required: true, content: { 'application/json': { schema } } },
})

const PARTS: { readonly [digest: string]: SchemaProfile } = {
  a: { operations: { 'POST /a': operationWith({ $ref: '#/$defs/S' }) }, schemas: {} },
  b: { operations: { 'POST /b': operationWith({ $ref: '#/$defs/S' }) }, schemas: {} },
  shared: { operations: {}, schemas: { S: { type: 'integer' } } },
}

const A = { key: 'POST /a', digests: ['a', 'shared'] }
const B = { key: 'POST /b', digests: ['b', 'shared'] }

const ENOUGH = { schemaPartCharactersMax: 10_000, validatorCharactersMax: 10_000 }

type Setup = {
  readonly bounds?: typeof ENOUGH
  readonly read?: (digest: string) => Promise<unknown>
  readonly wait?: () => Promise<unknown>
}

function storeOf({ bounds = ENOUGH, read = async () => {}, wait }: Setup = {}) {
  const reads: string[] = []
  const work: Promise<unknown>[] = []
  const source = {
    async read(digest: string) {
      reads.push(digest)
      await read(digest)
      const profile = PARTS[digest]
      if (profile === undefined) throw new Error(`schema_part_unavailable: ${digest}`)
      return { profile, characters: JSON.stringify(profile).length }
    },
  }
  const store = createSchemaStore({ source, wait: wait ?? (() => new Promise(() => {})) }, bounds)
  return { reads, work, ask: (wanted: typeof A) => store.validator(wanted, (w) => work.push(w)) }
}

const request = (text: string) => ({
  variables: [],
  query: '',
  header: () => null,
  cookie: null,
  contentType: 'application/json',
  body: { kind: 'bytes', bytes: new TextEncoder().encode(text) } as const,
})

describe('the store of schemas', () => {
  test('builds a validator from the parts at the first request, and has it at hand afterwards', async () => {
    const { ask, reads } = storeOf()
    const validator = await ask(A)
    expect(validator.validate(request('1')).violations).toEqual([])
    expect(validator.validate(request('"x"')).violations).toHaveLength(1)
    expect(ask({ ...A })).toBe(validator)
    expect(reads).toEqual(['a', 'shared'])
  })

  test('reads a part once for all operations, and for all requests that come at once', async () => {
    const { ask, reads, work } = storeOf()
    const [first, second] = await Promise.all([ask(A), ask(A), ask(B), ask(B)])
    expect(first).toBe(second)
    expect(reads.toSorted()).toEqual(['a', 'b', 'shared'])
    // It goes on when the client that caused it hangs up.
    expect(work.length).toBeGreaterThan(0)
    await Promise.all(work)
  })

  test('does not remember a failure: the next request asks again', async () => {
    let isDown = true
    const { ask, work } = storeOf({
      read: async () => {
        if (isDown) throw new Error('storage is down')
      },
    })
    await expect(ask(A)).rejects.toThrow('storage is down')
    await Promise.all(work)
    isDown = false
    expect(await ask(A)).toBeDefined()
  })

  test.each([
    {
      name: 'a part is nowhere',
      wanted: { ...A, digests: ['a', 'gone'] },
      says: 'unavailable: gone',
    },
    { name: 'a schema is missing', wanted: { ...A, digests: ['a'] }, says: 'schema_missing: S' },
    {
      name: 'the operation is missing',
      wanted: { ...A, digests: ['b', 'shared'] },
      says: 'POST /a',
    },
  ])('throws when $name, rather than to let everything through', async ({ wanted, says }) => {
    await expect(storeOf().ask(wanted)).rejects.toThrow(says)
  })

  test('bounds its memories, and reads again what had to make room', async () => {
    const { ask, reads } = storeOf({
      bounds: { schemaPartCharactersMax: 0, validatorCharactersMax: 0 },
    })
    await ask(A)
    await ask(A)
    expect(reads).toEqual(['a', 'shared', 'a', 'shared'])
  })

  test('asks anew when the question was lost with the request that asked it', async () => {
    let calls = 0
    const { ask, reads } = storeOf({
      // The first never comes back, as when its client has gone.
      read: () => (calls++ < 2 ? new Promise(() => {}) : Promise.resolve()),
      wait: async () => {},
    })
    void ask(A)
    expect(await ask(A)).toBeDefined()
    expect(reads).toEqual(['a', 'shared', 'a', 'shared'])
  })
})
