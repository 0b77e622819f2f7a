import { describe, expect, test } from 'vitest'
import { findingsOf, type Check } from '../../../engines/openapi/compile/run.ts'
import { createSchemaCompiler } from '../../../engines/openapi/compile/schema.ts'
import { compileProfile } from '#engines/openapi'
import { accepted } from './documents.ts'
import { hasTestdata, readRows, readTestdata } from './testdata.ts'

type Mutated = {
  readonly method: string
  readonly template: string
  readonly body: unknown
  readonly mutation: string
  readonly valid: boolean
}

type Transaction = {
  readonly method: string
  readonly template: string
  readonly req_body: unknown
  readonly body_schema_valid: boolean | null
}

const isPresent = hasTestdata('recorded-api')

describe.skipIf(!isPresent)(
  'bodies of a real API against its own description (skipped without the testdata beside the repository)',
  () => {
    const checks = isPresent ? compileBodies() : new Map<string, Check>()

    test('recorded ones: no more is found than the oracle finds, but for a format', () => {
      const rows = readRows('recorded-api/transactions.jsonl.gz') as readonly Transaction[]
      const wrong = rows.flatMap(({ method, template, req_body, body_schema_valid }) => {
        const check = checks.get(`${method} ${template}`)
        if (body_schema_valid === null || check === undefined) return []
        const body: unknown = typeof req_body === 'string' ? JSON.parse(req_body) : req_body
        const findings = findingsOf(check, body)
        return (findings.length === 0) === body_schema_valid ? [] : [findings]
      })
      // The oracle asserts no formats; a date was sent where the description wants a date and time.
      expect(wrong).toEqual([[{ kind: 'format', target: '$.due_on', argument: 'date-time' }]])
    })

    test('damaged ones: nothing the oracle finds is missed', () => {
      const rows = readRows('recorded-api/mutated-bodies.jsonl.gz') as readonly Mutated[]
      const wrong = rows.flatMap(({ method, template, body, valid }) => {
        const check = checks.get(`${method} ${template}`)
        if (check === undefined) throw new Error(`not compiled: ${method} ${template}`)
        const findings = findingsOf(check, body)
        return (findings.length === 0) === valid ? [] : [{ valid, findings }]
      })
      expect(wrong.filter(({ valid }) => !valid)).toEqual([])
      // Its reading of the description loses every property that is named `description`.
      const own = wrong.filter(({ findings }) =>
        findings.every(({ kind, target }) => kind !== 'format' && !target.endsWith('.description')),
      )
      expect(own).toEqual([])
      expect(wrong.length).toBeLessThanOrEqual(12)
    })
  },
)

function compileBodies(): ReadonlyMap<string, Check> {
  const document = accepted(readTestdata('recorded-api/spec-ghes-3.6.json.gz'))
  const { profile } = compileProfile(document)
  const compile = createSchemaCompiler(profile.schemas)
  return new Map(
    Object.entries(profile.operations).flatMap(([key, { body }]) => {
      const schema = body?.content['application/json']?.schema ?? null
      return schema === null ? [] : [[key, compile(schema)] as const]
    }),
  )
}
