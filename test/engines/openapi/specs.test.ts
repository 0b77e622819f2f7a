import { describe, expect, test } from 'vitest'
import { compileProfile, extractOperations, readDocument } from '#engines/openapi'
import { createValidator } from '#engines/openapi/validate'
import { hasTestdata, readRows, readTestdata } from './testdata.ts'

type Row = { readonly file: string; readonly operations: number }

const isPresent = hasTestdata('openapi-specs')

describe.skipIf(!isPresent)(
  'real documents (skipped without the testdata beside the repository)',
  () => {
    const rows = isPresent ? (readRows('openapi-specs/index.jsonl') as readonly Row[]) : []

    test.each(rows)('$file', ({ file, operations }) => {
      const document = readDocument(readTestdata(`openapi-specs/${file}`))
      expect(document).toMatchObject({ ok: true })
      if (!document.ok) return
      const { profile } = compileProfile(document.value)
      const keys = Object.keys(profile.operations)
      expect(keys).toHaveLength(operations)
      const stored = JSON.stringify(profile)
      expect(JSON.stringify(JSON.parse(stored)) === stored).toBe(true)
      const extracted = extractOperations(document.value, ['api.example.com'])
      for (const { profile_key } of extracted.operations) expect(keys).toContain(profile_key)
      const bytes = new TextEncoder().encode('{"id":[1,{"name":null}],"__proto__":{}}')
      for (const key of keys.slice(0, 100)) {
        const result = createValidator(profile, key)?.validate({
          variables: ['1', '2', '3'],
          query: 'limit=%zz&id=1',
          header: () => 'x',
          cookie: 'a=b',
          contentType: 'application/json',
          body: { kind: 'bytes', bytes },
        })
        expect(result?.violations).toBeInstanceOf(Array)
      }
    })
  },
)
