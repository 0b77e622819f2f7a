/** `schema check`: whether the shield would take these OpenAPI documents, and what it would not use of them. */
import type { Call, Command, CommandIo, ExitCode } from '../command.ts'
import { describeDocumentError, readDocumentFile } from '../schema/document-file.ts'

export const schemaCheck: Command = {
  name: 'schema check',
  summary: 'Checks OpenAPI documents',
  operands: 'FILE…',
  options: {},
  help: `Reads OpenAPI documents, JSON or YAML.
Prints for each, in order, {"file", "ok", "operations", "warnings": [{"code", "message", "locations"}], "errors": [{"code",
"message", "path", "line", "column"}]}: the number of operations, what of the document has no effect, and why it is refused.
Exit 1 when a document is refused, 2 when a file cannot be read.`,
  run: runSchemaCheck,
}

async function runSchemaCheck({ operands }: Call, io: CommandIo): Promise<ExitCode> {
  if (operands.length === 0) {
    io.tell('schema check needs at least one FILE')
    return 2
  }
  let exitCode: ExitCode = 0
  for (const [index, file] of operands.entries()) {
    io.draw(`${index + 1} of ${operands.length}: ${file}`)
    const read = await readDocumentFile(file)
    io.draw('')
    if (read.ok) {
      const { profile, warnings } = read.value
      const operations = Object.keys(profile.operations).length
      await io.print({ file, ok: true, operations, warnings, errors: [] })
      continue
    }
    io.tell(describeDocumentError(file, read.error))
    const errors =
      read.error.kind === 'refused' ? read.error.issues : [{ message: read.error.message }]
    await io.print({ file, ok: false, operations: 0, warnings: [], errors })
    if (read.error.kind === 'unreadable') exitCode = 2
    else if (exitCode === 0) exitCode = 1
  }
  return exitCode
}
