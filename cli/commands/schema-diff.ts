/** `schema diff`: which recorded requests a new version of a document would newly reject. */
import { describeTrafficError, type RecordedRequest } from '#engines/traffic'
import type { Call, Command, CommandIo, ExitCode } from '../command.ts'
import { openRecorded } from '../replay/request.ts'
import { describeDocumentError, readDocumentFile } from '../schema/document-file.ts'
import {
  createRequestJudge,
  type GivenRequest,
  type RequestJudge,
} from '../schema/request-judge.ts'
import { readTrafficFile } from '../traffic-files.ts'

export const schemaDiff: Command = {
  name: 'schema diff',
  summary: 'Tells which recorded requests a new document would newly reject',
  operands: 'OLD NEW TRAFFIC…',
  options: { host: { value: 'HOST', summary: 'the host where a recording does not name it' } },
  help: `Reads two OpenAPI documents and files of recorded traffic (HAR, access logs, JSON lines; each may be .gz).
Prints for each request that conforms to OLD and departs from NEW {"file", "line", "method", "url", "operation",
"violations"}, and at the end {"summary": {"requests", "newly_rejected", "newly_accepted", "rejected_by_both",
"no_longer_described", "unreadable"}}. A request whose operation NEW does not have is "no longer described".
Exit 1 when a request would be newly rejected, 2 when a document or traffic cannot be read.`,
  run: runSchemaDiff,
}

async function runSchemaDiff({ operands, values }: Call, io: CommandIo): Promise<ExitCode> {
  const [oldPath, newPath, ...files] = operands
  if (oldPath === undefined || newPath === undefined || files.length === 0) {
    io.tell('schema diff needs OLD, NEW and at least one file of recorded traffic')
    return 2
  }
  const before = await judgeOf(oldPath, io)
  const after = await judgeOf(newPath, io)
  if (before === null || after === null) return 2
  const summary = {
    requests: 0,
    newly_rejected: 0,
    newly_accepted: 0,
    rejected_by_both: 0,
    no_longer_described: 0,
    unreadable: 0,
  }
  const host = values.get('host') ?? ''
  for (const file of files) {
    for await (const batch of readTrafficFile(file)) {
      if (!batch.ok) {
        summary.unreadable += 1
        io.tell(batch.error)
        continue
      }
      for (const { number, request } of batch.value.entries) {
        if (!request.ok) {
          if (request.error.reason === 'not_http') continue
          summary.unreadable += 1
          io.tell(`${file}:${number}: ${describeTrafficError(request.error)}`)
          continue
        }
        summary.requests += 1
        const change = compare(before, after, givenOf(request.value, host))
        if (change.kind === 'unchanged') continue
        summary[change.kind] += 1
        if (change.kind === 'newly_rejected') {
          const { method, url } = request.value
          const { operation, violations } = change
          await io.print({ file, line: number, method, url, operation, violations })
        }
      }
      io.draw(`${summary.requests} requests, ${summary.newly_rejected} newly rejected`)
    }
  }
  io.draw('')
  await io.print({ summary })
  if (summary.unreadable > 0) return 2
  return summary.newly_rejected > 0 ? 1 : 0
}

async function judgeOf(path: string, io: CommandIo): Promise<RequestJudge | null> {
  const read = await readDocumentFile(path)
  if (read.ok) return createRequestJudge(read.value)
  io.tell(describeDocumentError(path, read.error))
  return null
}

type Change =
  | { readonly kind: 'unchanged' | 'newly_accepted' | 'rejected_by_both' | 'no_longer_described' }
  | { readonly kind: 'newly_rejected'; readonly operation: object; readonly violations: Violations }

type Violations = readonly { readonly location: string }[]

type Given = GivenRequest & { readonly isBodyKnown: boolean }

function compare(before: RequestJudge, after: RequestJudge, request: Given): Change {
  const old = violationsOf(before, request)
  const judged = after(request)
  if (judged === null) return { kind: old === null ? 'unchanged' : 'no_longer_described' }
  const violations = violationsOf(after, request) ?? []
  const wasRejected = (old ?? []).length > 0
  if (violations.length === 0) return { kind: wasRejected ? 'newly_accepted' : 'unchanged' }
  if (wasRejected) return { kind: 'rejected_by_both' }
  return { kind: 'newly_rejected', operation: judged.operation, violations }
}

/** `null` when the document has no such operation. Nothing is said about a body that was not recorded. */
function violationsOf(judge: RequestJudge, request: Given): Violations | null {
  const judged = judge(request)
  if (judged === null) return null
  const { violations } = judged.validator.validate(judged.parts)
  return request.isBodyKnown ? violations : violations.filter(({ location }) => location !== 'body')
}

function givenOf(recorded: RecordedRequest, defaultHost: string): Given {
  const { method, host, rawPath, query, header, body } = openRecorded(recorded, defaultHost)
  return {
    method,
    host: host === '' ? null : host,
    target: query === '' ? rawPath : `${rawPath}?${query}`,
    header,
    body:
      body.kind === 'text'
        ? { kind: 'bytes', bytes: new TextEncoder().encode(body.text) }
        : { kind: 'none' },
    isBodyKnown: body.kind !== 'not_recorded',
  }
}
