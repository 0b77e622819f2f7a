/** `schema validate`: how requests depart from an OpenAPI document. */
import { ok } from '#engines/result'
import type { Call, Command, CommandIo, ExitCode } from '../command.ts'
import { type Answer, answerJsonLines, type JsonObject } from '../json-lines.ts'
import { describeDocumentError, readDocumentFile } from '../schema/document-file.ts'
import { readGivenRequest } from '../schema/given-request.ts'
import { createRequestJudge, type RequestJudge } from '../schema/request-judge.ts'

export const schemaValidate: Command = {
  name: 'schema validate',
  summary: 'Holds requests against an OpenAPI document',
  operands: null,
  options: {
    schema: { value: 'FILE', summary: 'the document' },
    parameters: { summary: 'prints the parameters as they are read' },
  },
  help: `Reads JSON lines {"method", "url", "headers"?: {"name": "value"}, "body"? | "body_base64"?}.
Prints for each, in order, {"operation": {"method", "host", "endpoint"} or null when the document has none, "violations":
[{"location", "target", "error_class", "error_detail", "message"}]}, and with --parameters "parameters": {"path", "query",
"header", "cookie"}. A document that names no host describes every host.
Exit 1 when a request departs from the document, 2 when the document or a line is not understood.`,
  run: runSchemaValidate,
}

async function runSchemaValidate({ values }: Call, io: CommandIo): Promise<ExitCode> {
  const file = values.get('schema')
  if (file === undefined) {
    io.tell('schema validate needs --schema FILE')
    return 2
  }
  const read = await readDocumentFile(file)
  if (!read.ok) {
    io.tell(describeDocumentError(file, read.error))
    return 2
  }
  const judge = createRequestJudge(read.value)
  const showsParameters = values.has('parameters')
  return answerJsonLines(io, (row) => validate(row, judge, showsParameters))
}

function validate(row: JsonObject, judge: RequestJudge, showsParameters: boolean): Answer {
  const request = readGivenRequest(row)
  if (!request.ok) return request
  const judged = judge(request.value)
  if (judged === null) return ok({ row: { operation: null, violations: [] }, finding: false })
  const { operation, validator, parts } = judged
  const { violations } = validator.validate(parts)
  const parameters = showsParameters ? { parameters: validator.decode(parts) } : {}
  return ok({ row: { operation, violations, ...parameters }, finding: violations.length > 0 })
}
