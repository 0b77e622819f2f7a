/** Traffic that a real service took, held against its description: nothing is refused that the service's own schemas allow. */
import { describe, expect, test } from 'vitest'
import { compileProfile, readDocument } from '#engines/openapi'
import { readGivenRequest } from '../../cli/schema/given-request.ts'
import { createRequestJudge } from '../../cli/schema/request-judge.ts'
import { isObject } from '../../cli/json-lines.ts'
import { hasTestdata, readRows, readTestdata } from '../engines/openapi/testdata.ts'

type Row = {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly template: string
  readonly req_content_type: string | null
  readonly req_body: unknown
  readonly body_schema_valid: boolean | null
}

/**
 * Where recordings and description part (they are ten years apart): what the service takes and its description forbids, and
 * percent-encodings that were damaged when the recordings were made anonymous.
 */
const DRIFT: ReadonlySet<string> = new Set([
  'PATCH /repos/{owner}/{repo}/milestones/{milestone_number}: body $.due_on format_violation:date-time',
  'GET /repos/{owner}/{repo}/actions/runs: query exclude_pull_requests expected:boolean',
  'GET /repos/{owner}/{repo}/actions/runs: query created format_violation:date-time',
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs: query created format_violation:date-time',
  'GET /repos/{owner}/{repo}/branches: query protected expected:boolean',
  'GET /repos/{owner}/{repo}/milestones: query sort invalid_enum_variant',
  'GET /users/{username}/starred: query sort invalid_enum_variant',
  'GET /repos/{owner}/{repo}/commits: query sha invalid_ascii',
  'GET /repos/{owner}/{repo}/pulls: query head invalid_ascii',
  'GET /repos/{owner}/{repo}/readme: query ref invalid_ascii',
  'GET /search/commits: query q invalid_ascii',
])

const isPresent = hasTestdata('recorded-api')

describe.skipIf(!isPresent)(
  'recorded calls (skipped without the testdata beside the repository)',
  () => {
    const rows = isPresent ? (readRows('recorded-api/transactions.jsonl.gz') as readonly Row[]) : []

    test('each is routed, and judged as the oracle judged it', () => {
      const judge = judgeOfDescription()
      const departures = new Set<string>()
      for (const row of rows) {
        const { method, path, query, template, req_content_type, req_body } = row
        const request = readGivenRequest({
          method,
          url: `${path || '/'}${query === '' ? '' : `?${query}`}`,
          headers: req_content_type === null ? {} : { 'content-type': req_content_type },
          body: req_body === null ? null : JSON.stringify(req_body),
        })
        if (!request.ok) throw new Error(request.error)
        const judged = judge(request.value)
        if (judged === null || positions(judged.operation.endpoint) !== positions(template)) {
          departures.add(`${method} ${template} is not routed`)
          continue
        }
        const { violations } = judged.validator.validate(judged.parts)
        const ofBody = violations.filter(({ location }) => location === 'body')
        for (const { location, target, error_detail } of violations) {
          if (location === 'body' && row.body_schema_valid === false) continue
          departures.add(`${method} ${template}: ${location} ${target} ${error_detail}`)
        }
        if (ofBody.length === 0 && row.body_schema_valid === false) {
          departures.add(`${method} ${template} takes ${JSON.stringify(req_body)}`)
        }
      }
      expect([...departures].filter((each) => !DRIFT.has(each))).toEqual([])
    })
  },
)

function judgeOfDescription() {
  const description: unknown = JSON.parse(readTestdata('recorded-api/spec-ghes-3.6.json.gz'))
  if (!isObject(description)) throw new Error('the description is no object')
  // It names the servers of another product of the vendor.
  const document = readDocument(JSON.stringify({ ...description, servers: [] }))
  if (!document.ok) throw new Error(document.error.issues[0]?.message)
  const { profile } = compileProfile(document.value)
  return createRequestJudge({ document: document.value, profile, warnings: [] })
}

/** Names of variables are not compared. */
function positions(template: string): string {
  return template.replaceAll(/\{[^}]*\}/g, '{}')
}
