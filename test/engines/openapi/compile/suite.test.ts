import { Validator } from '@cfworker/json-schema'
import { describe, expect, test } from 'vitest'
import { findingsOf } from '../../../../engines/openapi/compile/run.ts'
import type { JsonSchema } from '../../../../engines/openapi/compile/schema.ts'
import { metaSchema } from '../../../../engines/openapi/meta-schemas.ts'
import type { OpenApiVersion } from '../../../../engines/openapi/shape.ts'
import { compiledFrom } from '../schemas.ts'
import { hasTestdata, readRows, readTestdata, readVector } from '../testdata.ts'

type Group = {
  readonly file: string
  readonly description: string
  readonly schema: JsonSchema
  readonly tests: readonly {
    readonly description: string
    readonly data: unknown
    readonly valid: boolean
  }[]
}

type Wrong = { readonly name: string; readonly said: boolean }

const isPresent = hasTestdata('json-schema')
const remotes: { readonly [path: string]: unknown } = isPresent
  ? JSON.parse(readTestdata('json-schema/remotes.json'))
  : {}

/** The suite's own remote documents, and the meta-schemas. */
function lookUp(uri: string): unknown {
  const path = uri.replace('http://localhost:1234/', '')
  return Object.hasOwn(remotes, path) ? remotes[path] : metaSchema(uri)
}

function wrongIn(group: Group, version: OpenApiVersion): readonly Wrong[] {
  const { check } = compiledFrom(group.schema, { version, lookUp })
  return group.tests.flatMap(({ description, data, valid }) => {
    const said = findingsOf(check, data).length === 0
    const name = `${group.file}: ${group.description}: ${description}`
    return said === valid ? [] : [{ name, said }]
  })
}

function rows(draft: string): readonly Group[] {
  return readRows(`json-schema/${draft}.jsonl`) as readonly Group[]
}

describe('the official JSON Schema suite', () => {
  const excerpt: readonly Group[] = JSON.parse(readVector('json-schema.json'))

  test.each(excerpt)('$file: $description', (group) => {
    expect(wrongIn(group, '3.1')).toEqual([])
  })
})

describe.skipIf(!isPresent)(
  'all of it (skipped without the testdata beside the repository)',
  () => {
    test('draft 2020-12 as OpenAPI 3.1, required, optional and formats', () => {
      const wrong = rows('draft2020-12').flatMap((group) => wrongIn(group, '3.1'))
      // A format is held to here, as the dialect of OpenAPI 3.1 allows (3.1.1 §4.4.2).
      expect(wrong.filter(({ name }) => !name.includes('only an annotation by default'))).toEqual(
        [],
      )
    })

    test('draft 4 as OpenAPI 3.0, but for what is not in its dialect', () => {
      const wrong = rows('draft4')
        .filter(({ schema }) => !notInDialect.test(JSON.stringify(schema)))
        .flatMap((group) => wrongIn(group, '3.0'))
      expect(wrong).toEqual([])
    })

    test('the library agrees, but for what it does not do', () => {
      const differing = rows('draft2020-12')
        .filter(({ file }) => !file.startsWith('optional/format/'))
        .flatMap((group) => {
          const { check } = compiledFrom(group.schema, { version: '3.1', lookUp })
          return group.tests
            .filter(
              ({ data }) => libraryAnswer(group, data) !== (findingsOf(check, data).length === 0),
            )
            .map(() => `${group.file}: ${group.description}`)
        })
      for (const name of new Set(differing)) expect(name).toMatch(unlikeLibrary)
    })
  },
)

/** `id`, and lists of schemas under `items`, are of JSON Schema alone. */
const notInDialect = /"id":"|"items":\[|"additionalItems"|locationIndependentIdentifier/

/** It has no dynamic references and no meta-schemas, and asserts formats as we do. */
const unlikeLibrary =
  /dynamicRef|\$dynamicRef|metaschema|remote ref, containing refs itself|reference internals of known non-applicator/

function libraryAnswer({ schema }: Group, data: unknown): boolean | null {
  const validator = new Validator(structuredClone(schema), '2020-12')
  for (const [path, document] of Object.entries(remotes)) {
    if (!path.startsWith('draft2020-12/')) continue
    validator.addSchema(structuredClone(document) as object, `http://localhost:1234/${path}`)
  }
  try {
    return validator.validate(data).valid
  } catch {
    // It throws for a reference that it cannot resolve.
    return null
  }
}
